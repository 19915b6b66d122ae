"""Browsers of people: each a context of its own, with its own cookies, and a record of what its pages did."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.pages import Window
from tests.harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def window(browser: Browser, server: Server) -> Iterator[Callable[..., Window]]:
    """Opens windows: window() is a fresh browser on the shared server, or `on` another."""
    with contextlib.ExitStack() as stack:
        made: list[Window] = []

        def make(*, on: Server | None = None, **options: Any) -> Window:
            opened = Window(browser, on or server, **options)
            stack.callback(opened.close)
            made.append(opened)
            return opened

        yield make
        for opened in made:
            opened.check_nothing_went_wrong()
