"""The money that is expected, week by week, from what is open and how people paid until now.

`courses` is what became of each invoice, `habits` what is learnt of it, `expected` spreads what is open over the weeks,
and `arriving` tells what invoices that are not issued yet usually bring. Days are ordinals here, amounts minor units;
nothing asks for the time or a store.
"""
