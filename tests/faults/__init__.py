"""Servers that are killed, wires that are cut: what was promised is compared with what everybody saw."""
