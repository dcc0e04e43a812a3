"""The analysis, the model and the provenance of numbers behind *Patient Capital, Impatient Provinces*."""

__version__ = "0.1.0"
