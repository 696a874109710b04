"""How far a prediction can be trusted: intervals, domain, outliers, importance."""
