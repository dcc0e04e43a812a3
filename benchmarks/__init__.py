"""Measurements of the book; run with make bench."""
