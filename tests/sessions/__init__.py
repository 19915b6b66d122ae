"""One valid session (S1-S10)."""
