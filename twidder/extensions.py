"""What our HTTP protocol offers to whoever answers a request: keys of its ASGI scope's ``extensions``, each a function
without arguments."""

CUT = "twidder.cut"  # ends the connection at once
WAITS = "twidder.waits"  # the answer comes late or never ends: who goes meanwhile, or stops reading, is noticed
