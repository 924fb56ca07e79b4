"""The Member File: who somebody is, what they owe, and all that was billed, paid, said and booked."""
