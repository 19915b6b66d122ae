"""Flask-SocketIO as its documentation deploys it: gunicorn, one worker, gevent-websocket."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_socketio import SocketIO, emit

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent")


@socketio.on("message")
def message(data: Any) -> None:
    emit("message", data, broadcast=True)
