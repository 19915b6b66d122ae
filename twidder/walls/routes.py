"""The HTTP API of walls."""

from __future__ import annotations

import msgspec
from flask import request

from twidder.errors import BadField
from twidder.store import ReadTx, log
from twidder.walls import service
from twidder.walls.audience import access_wall, topic
from twidder.walls.feed import feed_page
from twidder.walls.models import Deleted, NewPost, Post
from twidder.web.api import Api, Call, Nothing, Reply

api = Api("walls")


class PageQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``before``: the ``next`` of the page before this one."""

    limit: int = 30
    before: int | None = None


class PostsPage(msgspec.Struct):
    """``seq`` and ``epoch``: the position from which to join the wall's topic without a hole."""

    items: list[Post]
    seq: int
    epoch: str
    next: int | None


class FeedPage(msgspec.Struct):
    items: list[Post]
    next: int | None


@api.route("GET", "/walls/<id:user>/posts", query=PageQuery, answer=PostsPage)
def list_posts(call: Call, user: int) -> PostsPage:
    """A wall, newest first."""
    _check_page(call)

    def read(tx: ReadTx) -> PostsPage:
        access_wall(tx, call.me, user)
        items, older = service.posts_page(tx, call.me, user, limit=call.query.limit, before=call.query.before)
        return PostsPage(items, log.head(tx.driver, topic(user)), log.epoch(tx.driver), older)

    page = call.read(read)
    if call.query.before is None:
        service.visited(call.core, call.me, user)
    return page


@api.route("GET", "/feed", query=PageQuery, answer=FeedPage)
def show_feed(call: Call) -> FeedPage:
    """The newest posts on the walls of those I follow, that I may see."""
    _check_page(call)
    limit, before = call.query.limit, call.query.before
    return FeedPage(*call.read(lambda tx: feed_page(tx, call.me, limit=limit, before=before)))


@api.route("POST", "/walls/<id:user>/posts", body=NewPost, answer=Post, statuses=(201, 200))
def create_post(call: Call, user: int) -> Reply:
    """Post on a wall. The same ``cid`` (or Idempotency-Key header) again changes nothing and gives the first answer,
    with 200."""
    limits = call.core.settings.limits
    key = request.headers.get("Idempotency-Key")
    new = service.check_post(NewPost(call.body.text, call.body.cid or key, call.body.files), limits)
    service.take_turn(call.core.rates, call.me, limits)
    post, is_new = call.write(lambda tx: service.post(tx, call.me, user, new))
    return Reply(post, 201 if is_new else 200)


@api.route("DELETE", "/posts/<id:post>", answer=Deleted)
def delete_post(call: Call, post: int) -> Deleted:
    """Delete a post of mine, or on my wall. It can be restored until ``undo_until``."""
    limits = call.core.settings.limits
    service.take_edit(call.core.rates, call.me, limits)
    return call.write(lambda tx: service.delete(tx, call.me, post, limits))


@api.route("POST", "/posts/<id:post>/restoration", body=Nothing, answer=Post)
def restore_post(call: Call, post: int) -> Post:
    """Take my deletion back."""
    limits = call.core.settings.limits
    service.take_edit(call.core.rates, call.me, limits)
    return call.write(lambda tx: service.restore(tx, call.me, post, limits))


def _check_page(call: Call) -> None:
    """Raises BadField."""
    most = call.core.settings.limits.page_size
    if not 1 <= call.query.limit <= most:
        raise BadField("limit", f"A page has 1 to {most} posts.")
    if call.query.before is not None and not 0 < call.query.before < 2**63:
        raise BadField("before", "That is not where a page ended.")
