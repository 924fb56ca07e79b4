"""The Dashboard: what is owed, due and collected, and the people behind each figure."""
