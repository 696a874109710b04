"""From molecules to stored conformers."""
