"""The model computed a second time, plainly, from the raw tables: what the tests hold the book's numbers against."""
