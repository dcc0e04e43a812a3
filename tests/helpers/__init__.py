"""What several files of tests use, imported normally."""
