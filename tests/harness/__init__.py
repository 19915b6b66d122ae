"""What the tests share: real servers, and clients for them. Nothing here is a stand-in."""
