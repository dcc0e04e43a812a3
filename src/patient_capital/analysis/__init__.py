"""The computations of the book, one module a chapter: pure functions of the tables."""
