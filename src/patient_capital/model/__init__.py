"""The state as investor, one small exact piece at a time. Knows nothing of tables or pages."""
