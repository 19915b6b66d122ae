"""How far it can go at all: the same work with nothing around it."""
