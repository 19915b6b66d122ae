"""What readers see is what is stored: after each action, and after a deletion (L9, L10)."""
