"""The library behind the workflow: pure, typed functions that never see Snakemake."""

__version__ = "0.1.0"
