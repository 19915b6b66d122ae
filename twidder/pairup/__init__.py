"""Pair-Up: from a roster to a slot, live and fair."""
