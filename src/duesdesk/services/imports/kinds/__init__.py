"""What may be imported, one file a kind: its fields, and how a row of a file becomes a row to write."""
