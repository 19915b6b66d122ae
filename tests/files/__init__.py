"""Attachments: what becomes of the bytes, and who may have them."""
