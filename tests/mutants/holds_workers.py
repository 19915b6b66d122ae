"""Gives a request one of the workers' places before its body is there, as a2wsgi does (R6)."""

import asyncio
from typing import Any

from twidder.cli import main
from twidder.web.bridge import Bridge

if __name__ == "__main__":
    read = Bridge._read_body
    places = asyncio.Semaphore(8)

    async def read_in_a_place(self: Bridge, *request: Any) -> bytes:
        async with places:
            return await read(self, *request)

    Bridge._read_body = read_in_a_place  # type: ignore[method-assign]
    main()
