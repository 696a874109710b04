"""Polymers from monomers and from repeat units: rules, canonical units and oligomers."""
