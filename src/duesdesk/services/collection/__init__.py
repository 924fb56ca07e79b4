"""The collection rule at work: which rule holds for whom, the facts, the run, and why something is or is not done."""
