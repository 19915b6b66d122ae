"""The HTTP API of phones as sensors: links, for who may arrange the board; and what the phones say."""

from __future__ import annotations

import msgspec
from flask import request

from twidder import credentials
from twidder.accounts.links import new_secret, qr_rows
from twidder.boards import sensors
from twidder.boards.sensors import NewSensorLink, Phone, Report, SensorLink
from twidder.errors import Forbidden, Unauthorized
from twidder.web.api import Api, Call

api = Api("sensors")


class MadeSensorLink(msgspec.Struct):
    """``qr``: rows of 0 and 1, without the quiet zone."""

    id: int
    url: str
    qr: list[str]
    expires_at: int


class SensorLinks(msgspec.Struct):
    items: list[SensorLink]


class SensorSecret(msgspec.Struct, forbid_unknown_fields=True):
    secret: str


class Accepted(msgspec.Struct):
    accepted: int


@api.route("POST", "/boards/<board:ref>/sensors", body=NewSensorLink, answer=MadeSensorLink, statuses=(201,))
def open_sensor_link(call: Call, ref: str) -> MadeSensorLink:
    """A link, and a QR code, by which phones become sensors of the board."""
    _take_link(call)
    secret = new_secret()
    limits = call.core.settings.limits
    made = call.write(lambda tx: sensors.open_link(tx, call.me, ref, call.body, secret, limits))
    url = f"{call.core.settings.address}/sensor#{secret}"
    return MadeSensorLink(made.id, url, qr_rows(url), made.expires_at)


@api.route("GET", "/boards/<board:ref>/sensors", answer=SensorLinks)
def list_sensor_links(call: Call, ref: str) -> SensorLinks:
    """Those in force, newest first."""
    return SensorLinks(call.read(lambda tx: sensors.list_links(tx, call.me, ref)))


@api.route("DELETE", "/boards/<board:ref>/sensors/<id:sensor>", statuses=(204,))
def revoke_sensor_link(call: Call, ref: str, sensor: int) -> None:
    """Its phones are out at once; what they have sent stays."""
    _take_link(call)
    call.write(lambda tx: sensors.revoke(tx, call.me, ref, sensor))


@api.route("POST", "/sensors", who="anybody", body=SensorSecret, answer=Phone, statuses=(201,))
def become_sensor(call: Call) -> Phone:
    """With a link's secret: a token that writes to its board for as long as the link is in force, and reads nothing."""
    limits = call.core.settings.limits
    rate = limits.sensors_per_minute
    call.core.rates.take("sensor", call.address, burst=rate, rate=rate / 60)
    call.core.failed_by_address.check(call.address)
    try:
        return call.write(lambda tx: sensors.come(tx, call.body.secret, sensors.make_token(), limits))
    except Forbidden:
        call.core.failed_by_address.failed(call.address)
        raise


@api.route("POST", "/sensors/values", who="anybody", body=Report, answer=Accepted)
def push_sensor_values(call: Call) -> Accepted:
    """What a phone has measured, with its token."""
    limits = call.core.settings.limits
    token = credentials.find(request.headers.getlist("Authorization"), (), "").token
    if token is None:
        raise Unauthorized(code="link_ended")
    sensor = call.read(lambda tx: sensors.access_sensor(tx, token))
    rate = limits.sensor_pushes_per_second
    call.core.rates.take("sensed", sensor.id, burst=limits.sensor_pushes_burst, rate=rate)
    accepted = sensors.check_report(sensor, call.body)
    if accepted:
        call.write(lambda tx: sensors.put(tx, token, call.body, limits))
    return Accepted(accepted)


def _take_link(call: Call) -> None:
    """Raises RateLimited."""
    limits = call.core.settings.limits
    call.core.rates.take("link", call.me.user_id, burst=limits.links_per_hour, rate=limits.links_per_hour / 3600)
