"""From a user's table to unique molecules, splits and shards."""
