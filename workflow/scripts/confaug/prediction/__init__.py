"""Model bundles, and predictions of new molecules."""
