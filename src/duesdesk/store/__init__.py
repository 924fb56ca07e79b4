"""Reads and writes, and never decides. `database.Database` is the only way to a connection."""
