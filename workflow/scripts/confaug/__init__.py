"""The library behind the workflow: pure, typed functions that never see Snakemake."""

__version__ = "1.0.0.dev0"
