"""Figures of a study, each drawn from its tables as one SVG file with a title and a description."""
