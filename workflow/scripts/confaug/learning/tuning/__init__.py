"""Bayesian optimisation of LightGBM under grouped cross-validation."""
