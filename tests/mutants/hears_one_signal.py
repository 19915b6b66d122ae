"""Stops when it is asked to and will not be hurried (R14)."""

from twidder.asgi import Server
from twidder.cli import main

if __name__ == "__main__":
    del Server.handle_exit
    main()
