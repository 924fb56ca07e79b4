"""Programs that do nothing but what every program of their kind must: the floors of what is felt."""
