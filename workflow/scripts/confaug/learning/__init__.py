"""From descriptor tables to fitted models and their predictions."""
