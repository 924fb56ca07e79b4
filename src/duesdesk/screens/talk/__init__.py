"""What was said: a talk noted in two or three keys, and a promise to pay by a day."""
