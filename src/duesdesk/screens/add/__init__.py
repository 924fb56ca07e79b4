"""The key +: what to add."""
