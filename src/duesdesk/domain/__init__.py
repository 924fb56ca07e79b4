"""Pure rules: facts in, decisions with reasons out.

Standard library only, no clock, no I/O, codes instead of display text.
"""
