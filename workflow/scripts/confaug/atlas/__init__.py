"""The atlas: many studies of one kind, and what all of them say about conformers."""
