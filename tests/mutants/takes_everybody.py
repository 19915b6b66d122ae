"""Lets everybody in for whom there is a descriptor, and has none left for itself (R8)."""

from twidder.cli import main
from twidder.web import http

if __name__ == "__main__":
    http._most_connections = lambda: 1_000_000
    main()
