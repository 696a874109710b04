"""Descriptors of a polymer's backbone and side chains."""
