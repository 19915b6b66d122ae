"""What ``make bench-peers`` put where, and which version of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

from bench.machine import CACHE

PYTHON = CACHE / "python" / "bin"
NODE = CACHE / "node" / "node_modules"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"  # sbin is not on everybody's path
NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")  # where Debian has it


class Part(NamedTuple):
    name: str
    proof: Path  # there once all of it is


WITH_NCHAN = (Part("nginx", Path(NGINX)), Part("libnginx-mod-nchan", NCHAN))
ON_PYTHON = Part("the peers on Python", CACHE / "python" / ".installed")
ON_NODE = Part("the peers on Node and Bun", CACHE / "node" / ".installed")


def needs(*wanted: str | Part) -> Callable[[], str | None]:
    """Asks for programs, by name, and parts: which are not there, or None."""

    def missing() -> str | None:
        absent = [one for one in wanted if isinstance(one, str) and not shutil.which(one)]
        absent += [one.name for one in wanted if isinstance(one, Part) and not one.proof.exists()]
        return f"not installed: {', '.join(absent)} (make bench-peers)" if absent else None

    return missing


def of_python(*names: str) -> Callable[[], str]:
    """Packages in the peers' own environment, as pip knows them: "FastAPI" → "FastAPI 0.165.0"."""

    def version() -> str:
        places = [str(place) for place in PYTHON.parent.glob("lib/python3*/site-packages")]
        return ", ".join(f"{name} {next(iter(distributions(name=name, path=places))).version}" for name in names)

    return version


def of_node(name: str) -> Callable[[], str]:
    def version() -> str:
        package = json.loads((NODE / name / "package.json").read_text("utf-8"))
        return f"{name} {package['version']}, Node {_said('node', '--version').lstrip('v')}"

    return version


def of_bun() -> str:
    return f"Bun {_said(str(NODE / '.bin' / 'bun'), '--version')}"


def of_nchan() -> str:
    package = _said("dpkg-query", "-W", "-f=${Version}", "libnginx-mod-nchan")  # 1:1.3.6+dfsg-2
    return f"nchan {package.rpartition(':')[2].partition('+')[0]}, {_said(NGINX, '-v').rpartition(' ')[2]}"


def of_gcc() -> str:
    return f"gcc {_said('gcc', '-dumpfullversion')} -O2"


def _said(*command: str) -> str:
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    ).stdout.strip()
