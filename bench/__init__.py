"""Measurements that anybody can repeat: ``make bench``. Scenarios are code, results are data."""
