"""F6: the collection rule in force, rehearsed, run and changed."""
