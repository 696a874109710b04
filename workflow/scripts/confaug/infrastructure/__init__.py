"""What every job needs: files, logs, bounded work, provenance, and checks of the system."""
