"""The two plain pages of the Socket.IO chat, as the lecture's demo has them: the entrance and the room."""

from __future__ import annotations

from markupsafe import Markup

_PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/css/tokens.css">
<link rel="stylesheet" href="/static/chat/chat.css">
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
""")

_FORM = Markup("""<form method="post" action="/chat/enter">
<p><label for="name">Name</label> <input id="name" name="name" value="{name}" required maxlength="64"></p>
<p><label for="room">Room</label> <input id="room" name="room" value="{room}" required maxlength="64"></p>
{error}<p><button>Enter chatroom</button></p>
</form>""")

_ERROR = Markup('<p class="error" role="alert">{label}: {error}</p>\n')

_CONVERSATION = Markup("""<textarea id="chat" rows="20" cols="80" readonly aria-label="Conversation"></textarea>
<p><input id="text" aria-label="Message" placeholder="Enter your message here" autocomplete="off"></p>
<p><a id="leave" href="/chat/enter">Leave this room</a></p>
<script src="/static/vendor/socket.io.js"></script>
<script src="/static/chat/chat.js"></script>""")


def form(name: str, room: str, error: str = "", field: str = "") -> Markup:
    told = _ERROR.format(label=field.capitalize(), error=error) if error else ""
    return _PAGE.format(title="Chat", body=_FORM.format(name=name, room=room, error=told))


def conversation(room: str) -> Markup:
    return _PAGE.format(title=f"Room: {room}", body=_CONVERSATION)
