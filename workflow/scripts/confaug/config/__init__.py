"""The checked configuration, the roles of variants, and LightGBM's parameters."""
