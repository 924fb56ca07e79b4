"""The first start: found a centre in under a minute, or open the demo."""
