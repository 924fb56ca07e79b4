"""F5: the notices written, by what became of them."""
