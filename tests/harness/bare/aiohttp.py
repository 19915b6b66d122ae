"""Not here, as it is not where Twidder runs: python-engineio would load it into each server that a test starts."""

raise ImportError("not a part of Twidder")
