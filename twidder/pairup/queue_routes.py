"""The HTTP API of a lab's queue."""

from __future__ import annotations

from twidder.pairup import calling, queue
from twidder.pairup.acting import take_turn
from twidder.pairup.queue import NewCall
from twidder.pairup.shapes import Call as QueueCall
from twidder.web.api import Api, Call, Nothing, Reply

api = Api("pairup_queue")


@api.route("PUT", "/pairup/rounds/<id:round>/call", who="student", body=NewCall, answer=QueueCall)
def put_call(call: Call, round: int) -> QueueCall:
    """My team waits in a lab’s queue, ready to show its work or in need of help. One call of a team at a time."""
    take_turn(call.core.rates, call.student, call.core.settings.limits)
    return call.write(lambda tx: queue.ask(tx, call.student, round, call.body))


@api.route("DELETE", "/pairup/rounds/<id:round>/call", who="student", statuses=(204,))
def delete_call(call: Call, round: int) -> None:
    """My team waits no longer."""
    take_turn(call.core.rates, call.student, call.core.settings.limits)
    call.write(lambda tx: queue.withdraw(tx, call.student, round))


@api.route("POST", "/pairup/labs/<id:lab>/calls/next", who="staff", body=Nothing, answer=QueueCall, statuses=(200, 204))
def call_next(call: Call, lab: int) -> QueueCall | Reply:
    """The team whose turn it is, and they are told; 204 when nobody waits."""
    called = call.write(lambda tx: calling.call_next(tx, call.me, lab))
    return called or Reply(None, 204)


@api.route("POST", "/pairup/calls/<id:called>/done", who="staff", body=Nothing, statuses=(204,))
def finish_call(call: Call, called: int) -> None:
    """They have been seen."""
    call.write(lambda tx: calling.finish(tx, call.me, called))


@api.route("POST", "/pairup/calls/<id:called>/missed", who="staff", body=Nothing, answer=QueueCall, statuses=(200, 204))
def miss_call(call: Call, called: int) -> QueueCall | Reply:
    """They were called and were not there: they fall behind the next one; 204 when they are out of the queue for it."""
    back = call.write(lambda tx: calling.miss(tx, call.me, called, call.core.settings.limits))
    return back or Reply(None, 204)
