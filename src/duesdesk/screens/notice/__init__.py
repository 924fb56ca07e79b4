"""Writing notices: to one person, and to everybody who is marked."""
