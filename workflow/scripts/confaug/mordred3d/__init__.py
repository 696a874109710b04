"""mordred's 3D descriptors for many conformers of one molecule at once."""
