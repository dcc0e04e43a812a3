"""Numerical methods that several parts of the model use: integrals, root search, random numbers, counts."""
