"""Every setting of a study, declared once: one module per section of the configuration."""
