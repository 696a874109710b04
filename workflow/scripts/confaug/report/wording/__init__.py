"""Every English sentence for users, made from facts: one module per subject."""
