"""Columns of the user's own that describe molecules, or the conditions of a measurement."""
