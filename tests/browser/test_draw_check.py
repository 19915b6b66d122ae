"""A draw is checked in the browser as it is by ``twidder pairup verify``: the same answers, the same reasons."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.browser.pages import Window
from tests.pairup.test_drawing import TAMPERED
from twidder.pairup import drawing, solving
from twidder.pairup.checking import NotRight, check, read
from twidder.web.pages import STATIC

pytestmark = pytest.mark.browser

CHECK = """async ([draws, commitment, query]) => {
    const { check, NotRight } = await import("/static/js/pairup/draw-check.js" + query);
    const said = (error) => (error instanceof NotRight ? error.message : `${error}`);
    const answers = [];
    for (const draw of draws) answers.push(await check(draw, commitment).catch(said));
    return answers;
}"""
UNREAD = {"more"}  # the page ignores what it does not know: it checks what it shows


def _reason(document: dict[str, Any], commitment: str) -> str:
    try:
        check(read(json.dumps(document).encode()), commitment)
    except NotRight as error:
        return str(error)
    return ""


def test_X5_a_browser_checks_as_the_command_does(window: Callable[..., Window], rng: random.Random) -> None:
    """300 teams and 480 places within two seconds; and each change of the document is refused for the same reason."""
    wishes = {team: rng.sample(range(1000, 1200), rng.randint(0, 20)) for team in range(1, 301)}
    large = solving.solve(drawing.make_inputs(4, wishes, range(1000, 1480), wishes), "a5" * 32, 1_800_000_000_000)
    few = {team: rng.sample(range(100, 112), 5) for team in range(1, 13)}
    small = solving.solve(drawing.make_inputs(3, few, range(100, 115), few), "5e" * 32, 1_800_000_000_000)
    right, tampered = json.loads(msgspec.json.encode(small)), []
    for name in sorted(TAMPERED.keys() - UNREAD):
        changed = json.loads(json.dumps(right))
        TAMPERED[name][0](changed)
        tampered.append(changed)

    page = window().open()
    (answer,) = page.evaluate(CHECK, [[json.loads(msgspec.json.encode(large))], large.commitment, ""])
    assert (answer["teams"], answer["places"]) == (300, 480)
    assert answer["milliseconds"] < 20_000  # ten times the bound
    first, *others = page.evaluate(CHECK, [[right, *tampered], small.commitment, ""])
    assert first["teams"] == 12
    reasons = [_reason(document, small.commitment) for document in tampered]
    assert "" not in reasons
    assert others == reasons


def test_X5_a_browser_knows_a_tie(window: Callable[..., Window], monkeypatch: pytest.MonkeyPatch) -> None:
    """With one bit of noise, here and there: an attempt that left more than one best is right as such, and wrong as the
    result."""
    monkeypatch.setattr(drawing, "BITS", 1)
    wishes = {team: [11, 12, 13, 14, 15] for team in range(1, 6)}
    inputs = drawing.make_inputs(1, wishes, range(11, 16), wishes)
    draws = (solving.solve(inputs, f"{number:064x}", 1_800_000_000_000) for number in range(40))
    tied = next(draw for draw in draws if draw.ties)
    wrong = msgspec.structs.replace(tied, ties=tied.ties[:-1], **msgspec.structs.asdict(tied.ties[-1]))
    documents = [json.loads(msgspec.json.encode(draw)) for draw in (tied, wrong)]
    page = window().open()
    script = (STATIC / "js" / "pairup" / "draw-check.js").read_text(encoding="utf-8").replace("BITS = 28", "BITS = 1")
    page.route("**/draw-check.js?one-bit", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    right, said = page.evaluate(CHECK, [documents, tied.commitment, "?one-bit"])
    assert right["teams"] == 5
    assert said == _reason(documents[1], tied.commitment) == "Another assignment is as good: the seed does not decide."
