"""The first request of a WebSocket: which endpoint it leads to, and the answer, be it a refusal."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs

from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from twidder.forwarded import address_behind
from twidder.live.switchboard import Endpoint, Handshake, Refused, Switchboard


def shake_hands(transport: Any, board: Switchboard, data: bytes) -> tuple[Endpoint, Handshake] | None:
    """Answer the request in ``data``; None, and closing, where it was refused."""
    protocol = ServerProtocol()
    protocol.receive_data(data)
    events = protocol.events_received()
    if not data.startswith(b"GET "):
        _refuse(transport, protocol.reject(405, "A WebSocket starts with GET.\n"), protocol)
        return None
    if not events:  # unreadable for websockets, which then sends nothing any more
        transport.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        transport.close()
        return None
    request = cast(Request, events[0])
    if transport.get_write_buffer_size():  # of HTTP's: nobody would tell us when the kernel takes more
        _refuse(transport, protocol.reject(400, "The last answer has not been read.\n"), protocol)
        return None
    handshake = _read(transport, board, request)
    try:
        endpoint = _find_endpoint(board, handshake)
        endpoint.check(handshake)
    except Refused as refusal:
        _refuse(transport, protocol.reject(refusal.status, f"{refusal.reason}\n"), protocol)
        return None
    response = protocol.accept(request)
    if response.status_code != 101:  # in words of our own: websockets' repeat what was sent, however long
        status = HTTPStatus(response.status_code)
        _refuse(transport, protocol.reject(status, "That is not a WebSocket handshake.\n"), protocol)
        return None
    protocol.send_response(response)
    transport.write(b"".join(protocol.data_to_send()))
    return endpoint, handshake


def _read(transport: Any, board: Switchboard, request: Request) -> Handshake:
    here = transport.get_extra_info("sockname") or ("", 0)
    there = transport.get_extra_info("peername") or ("", 0)
    address = address_behind(str(there[0]), request.headers.get_all("X-Forwarded-For"), board.proxies)
    return Handshake(request.path, request.headers, here[1], address)


def _find_endpoint(board: Switchboard, handshake: Handshake) -> Endpoint:
    path, _, query = handshake.path.partition("?")
    if {"token", "access_token"}.intersection(parse_qs(query)):
        raise Refused(400, "A token never belongs in an address.")
    endpoint = board.find_endpoint(handshake.port, path)
    if endpoint is None:
        raise Refused(404, "Nobody answers here.")
    return endpoint


def _refuse(transport: Any, response: Response, protocol: ServerProtocol) -> None:
    protocol.send_response(response)
    transport.write(b"".join(protocol.data_to_send()))
    transport.close()
