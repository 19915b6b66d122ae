"""Nobody sees what is not theirs (A1-A5)."""
