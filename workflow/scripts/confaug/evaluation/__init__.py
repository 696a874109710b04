"""What held-out molecules say: comparison, verdict, leakage, chance, learning curves."""
