"""From molecules and conformers to descriptor tables."""
