"""The collection rule: what to do about a debt on a day, decided from facts alone, with reasons.

`ladder` reads a rule, `facts` is what is known, `calendar` knows open days, `packs` what the law of a place forbids,
and `decide` answers. Nothing here asks for the time, a store or a language.
"""
