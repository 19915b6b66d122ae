"""What axe-core finds in a page: its serious faults, wide and narrow, light and dark."""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@functools.cache
def _script() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(pytest.importorskip("axe_playwright_python.sync_playwright").Axe().axe_script)


def _faults(page: Page, **options: Any) -> list[str]:
    """axe-core is put into the page once and stays as long as the document does."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script())
    found = page.evaluate(
        "options => axe.run(document, options)", {"resultTypes": ["violations"], "preload": False, **options}
    )
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def in_both_schemes(page: Page) -> list[str]:
    """Only colours can differ between them."""
    faults = _faults(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    faults += _faults(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def at_both_sizes(page: Page) -> list[str]:
    faults = []
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        faults += in_both_schemes(page)
    return faults
