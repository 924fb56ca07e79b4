"""Good rows into the store, one file a kind; what the store says against a row is a fault of that row."""
