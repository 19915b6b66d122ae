"""FastAPI as its tutorial broadcasts: a list of connections, and each of them awaited in turn."""

from __future__ import annotations

import contextlib

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
members: list[WebSocket] = []


@app.websocket("/")
async def stay(socket: WebSocket) -> None:
    await socket.accept()
    members.append(socket)
    try:
        while True:
            text = await socket.receive_text()
            for member in list(members):
                # The tutorial lets a member who has just left end the sender's own connection.
                with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                    await member.send_text(text)
    except WebSocketDisconnect:
        pass
    finally:
        members.remove(socket)
