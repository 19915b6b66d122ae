"""The command line: ``twidder`` serves; ``twidder user …`` helps its operator.

What only one command needs is imported there: a mistake in the others' words is told without a second's wait.
"""

from __future__ import annotations

import logging
import os
import resource
import socket
import sys
from pathlib import Path
from typing import Any

import click

from twidder import __version__
from twidder.config import LOOPBACK, Limits, Settings, check_public_url, default_data
from twidder.datadir import lock_data
from twidder.demo import check_place, claim
from twidder.demo.people import VISITOR
from twidder.errors import ConfigError
from twidder.pairup_cli import pairup

_FILES = 65_536  # open files: sockets of thousands of people


class _Cli(click.Group):
    """``twidder`` alone serves; an operator's mistake is one line and exit code 1."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "--version")):
            args = ["serve", *args]
        return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ConfigError as error:
            click.echo(f"twidder: {error}", err=True)
            sys.exit(1)


data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="TWIDDER_DATA",
    default=default_data,
    help="Where everything is kept.",
)


@click.group(cls=_Cli)
@click.version_option(__version__)
def main() -> None:
    """Twidder: a live community on your own machine."""


@main.command()
@click.option("--host", envvar="TWIDDER_HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="TWIDDER_PORT", default=5000, show_default=True, type=click.IntRange(0, 65535))
@data_option
@click.option(
    "--public-url", envvar="TWIDDER_PUBLIC_URL", default="", help="The address that people use, if not localhost."
)
@click.option("--insecure-http", is_flag=True, help="Accept a public address without https.")
@click.option(
    "--proxies",
    envvar="TWIDDER_PROXIES",
    default=0,
    type=click.IntRange(0, 9),
    help="How many proxies in front are believed about the client's address.",
)
@click.option(
    "--course-client",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Serve a course's own client.",
)
@click.option("--course-port", default=5001, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--tutorial12-port",
    envvar="TWIDDER_TUTORIAL12_PORT",
    type=click.IntRange(0, 65535),
    help="Serve Tutorial 12's chat on this port too, at every path (its page expects 8081).",
)
@click.option("--demo", is_flag=True, help="A community that is busy already, in a directory of its own.")
@click.option("--lab-status", envvar="TWIDDER_LAB_STATUS", default="200", type=click.Choice(["200", "codes"]))
def serve(
    host: str,
    port: int,
    data: Path,
    public_url: str,
    insecure_http: bool,
    proxies: int,
    course_client: Path | None,
    course_port: int,
    tutorial12_port: int | None,
    demo: bool,
    lab_status: str,
) -> None:
    """Serve the community (the default)."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    # uvicorn warns of every malformed request: a stranger could fill the disk with them.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    limits = Limits.from_env(os.environ)
    public_url = check_public_url(public_url, insecure_http=insecure_http)
    data = _demo_data(data) if demo else data
    check_place(data, host, public_url, demo=demo)
    lock_data(data)
    if demo:
        claim(data)
    sockets = [_bind(host, port, "TWIDDER_PORT=another")]
    if course_client is not None:
        sockets.append(_bind(host, course_port, "--course-port another"))
        course_port = sockets[-1].getsockname()[1]
    if tutorial12_port is not None:
        sockets.append(_bind(host, tutorial12_port, "--tutorial12-port another"))
        tutorial12_port = sockets[-1].getsockname()[1]
    settings = Settings(
        data=data,
        host=host,
        port=sockets[0].getsockname()[1],
        public_url=public_url,
        insecure_http=insecure_http,
        proxies=proxies,
        lab_status=lab_status,
        course_client=course_client,
        course_port=course_port,
        tutorial12_port=tutorial12_port,
        demo=VISITOR.as_visitor() if demo else None,
        limits=limits,
    )
    _raise_file_limit()
    if demo:
        _serve_demo(settings, sockets)
        return
    from twidder import asgi

    asgi.run(settings, sockets, _greet)


def _greet(house: Any) -> None:
    from twidder.accounts import links
    from twidder.accounts.community import access_community

    settings = house.settings
    click.echo(f"Twidder is at {settings.address}")
    click.echo(f"Everything is kept in {settings.data.absolute()}")
    if settings.course_client is not None:
        click.echo(f"The course's client is at {settings.as_course().address}")
    if settings.tutorial12_port is not None:
        click.echo(f"Tutorial 12's chat is at {settings.tutorial12_address}")
    community = house.core.store.read(lambda tx: access_community(tx, loopback=settings.loopback))
    if community.setup_needed:
        secret = links.new_secret()
        house.core.store.write(lambda tx: links.make(tx, "setup", secret, seconds=7 * 86_400))
        click.echo(f"Open this once to become its owner: {settings.address}/setup#{secret}")
    if settings.host not in LOOPBACK and not settings.public_url:
        click.echo(
            f"Listening on {settings.host}, but only localhost is let in. Say how people reach it: "
            "TWIDDER_PUBLIC_URL=https://…",
            err=True,
        )
    sys.stdout.flush()


def _demo_data(data: Path) -> Path:
    """Beside the community's own, unless the operator has named one."""
    chosen = click.get_current_context().get_parameter_source("data")
    return data.with_name("twidder-demo") if chosen is click.core.ParameterSource.DEFAULT else data


def _serve_demo(settings: Settings, sockets: list[socket.socket]) -> None:
    from twidder import asgi
    from twidder.demo.mover import Demo

    moves = Demo(settings)

    def started(house: Any) -> None:
        visitor = settings.demo
        assert visitor is not None
        _greet(house)
        click.echo(f"This is a demo. Come in as {visitor.name}: {visitor.email}, password {visitor.password}")
        sys.stdout.flush()
        moves.start()

    try:
        asgi.run(settings, sockets, started)
    finally:
        moves.stop()


def _bind(host: str, port: int, instead: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(512)
    except OSError as error:
        raise ConfigError(f"Cannot listen on {host}:{port}: {error.strerror}. Try {instead}.") from None
    return sock


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@main.command("push")
@click.argument("board")
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--key", help="The series that each line of the pipe is a value of.")
@click.option("--token-file", help="Holds the board's token, unless TWIDDER_TOKEN does.")
@click.option("--url", envvar="TWIDDER_URL", default="http://localhost:5000", show_default=True)
def push(board: str, values: tuple[str, ...], key: str | None, token_file: str | None, url: str) -> None:
    """Send values to BOARD: `twidder push weather temp=21.5`, or `vmstat 1 | twidder push server`."""
    from twidder.push import main as push_values

    # Never as an argument: everybody on the machine can read those.
    sys.exit(push_values(url, board, os.environ.get("TWIDDER_TOKEN"), token_file, values, key))


main.add_command(pairup)


@main.group()
def user() -> None:
    """People's accounts, with or without a running server."""


def _run(settings: Settings, command: str, word: str) -> dict[str, Any]:
    from twidder import admin

    return admin.run(settings, command, word)


@user.command("reset-link")
@click.argument("email")
@click.option(
    "--public-url", envvar="TWIDDER_PUBLIC_URL", default="", help="The address that people use, if not localhost."
)
@click.option(
    "--port", envvar="TWIDDER_PORT", default=5000, show_default=True, help="The port, when no server is running."
)
@data_option
def reset_link(email: str, public_url: str, port: int, data: Path) -> None:
    """Print a one-time link by which EMAIL chooses a new password, as text and as a QR code."""
    url = check_public_url(public_url, insecure_http=True)
    settings = Settings(data=data, port=port, public_url=url, limits=Limits.from_env(os.environ))
    import segno

    result = _run(settings, "reset-link", email)
    click.echo(f"For {result['name']}, once, within a day:\n{result['url']}")
    segno.make(result["url"], error="l", micro=False).terminal(out=sys.stdout, compact=True)


@user.command("close")
@click.argument("email")
@data_option
def close(email: str, data: Path) -> None:
    """Close EMAIL's account; what they wrote stays."""
    result = _run(Settings(data=data, limits=Limits.from_env(os.environ)), "close", email)
    click.echo(f"The account of {result['name']} is closed.")


@user.command("make-owner")
@click.argument("email")
@data_option
def make_owner(email: str, data: Path) -> None:
    """Make EMAIL an owner of the place."""
    result = _run(Settings(data=data, limits=Limits.from_env(os.environ)), "make-owner", email)
    click.echo(f"{result['name']} owns this place.")


@user.command("list")
@click.argument("query", default="")
@data_option
def list_users(query: str, data: Path) -> None:
    """List the people whose name, e-mail or city holds QUERY."""
    result = _run(Settings(data=data, limits=Limits.from_env(os.environ)), "list", query)
    for row in result["people"]:
        click.echo(f"{row['id']}\t{row['role']}\t{row['email']}\t{row['name']}")
    if result["more"]:
        click.echo("… and more: say a name.", err=True)
