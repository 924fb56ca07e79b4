"""Pay: take a payment, with what it settles shown before it is saved."""
