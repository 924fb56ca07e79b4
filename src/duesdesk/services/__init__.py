"""Use cases, one file per noun: one act in one transaction. They hand out frozen views, never rows."""
