"""Elements by kind."""

NONMETALS = (1, 2, *range(5, 11), *range(14, 19), *range(32, 37), *range(51, 55), 85, 86)
