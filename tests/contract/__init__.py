"""What every back end promises: the same tests for each of them."""
