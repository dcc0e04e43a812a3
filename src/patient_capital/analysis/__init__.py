"""The computations of the book, one module or package a chapter: pure functions of the tables."""
