"""Simulations in plain numpy: seeded, checked against theory, and quick.

Every simulation takes keyword arguments in SI units and a `seed`, and returns a frozen
result that holds arrays, one element a request. The closed forms that a simulation must
meet stand beside it. Nothing here knows of the cloud or of figures.
"""
