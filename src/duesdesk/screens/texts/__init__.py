"""The texts of notices: the list of them, and one of them to change."""
