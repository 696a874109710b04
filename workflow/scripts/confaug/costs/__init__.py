"""What the jobs of a study are expected to cost, before any of them runs."""
