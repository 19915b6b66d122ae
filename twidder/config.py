"""Settings and limits: what the operator chooses, and every number with its reason.

Both are frozen. A limit is changed by the environment: ``TWIDDER_LIMIT_<NAME>=<number>``.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from twidder.errors import ConfigError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of everything that a stranger could make grow. Sizes in bytes, times in seconds."""

    # HTTP, before a request reaches Flask
    header_count: int = 64  # a browser sends about 20
    header_bytes: int = 32_768  # all header lines together
    header_line_bytes: int = 8_192  # one line; cookies are the longest honest one
    url_bytes: int = 4_096
    header_seconds: float = 10.0  # slowloris: a request whose headers dribble is closed
    keep_alive_seconds: int = 30
    pipelined_requests: int = 32  # sent ahead of the answers; more than that, and the connection ends with them
    body_bytes: int = 65_536  # the longest honest body is a post of 4,000 code points in \\u escapes
    body_seconds: float = 30.0
    answer_seconds: float = 30.0  # for a peer to take its answer, and besides …
    answer_bytes_per_second: int = 65_536  # … so long for its size
    json_depth: int = 16
    work_threads: int = 8  # so many posts wait for one fsync together …
    work_running: int = 1  # … but so many run Python: a broadcast waits behind each of them (``twidder.turns``)
    work_queue: int = 256
    work_wait_seconds: float = 10.0  # a request that waited this long is answered 503
    thread_nice: int = 10  # keeps a broadcast's p99 within twice its idle value beside busy requests

    # Passwords
    hash_threads: int = 2  # one for each core of the smallest machine we serve
    hash_queue: int = 256  # a whole lab room signs in at the bell
    argon2_memory_kib: int = 19_456  # OWASP's floor for argon2id with t=2, p=1: about 26 ms
    argon2_time: int = 2
    password_min: int = 8
    password_max: int = 1_024  # checked before hashing: a megabyte would be free CPU for a stranger

    # Sessions and links
    session_idle_seconds: int = 14 * 86_400
    session_seconds: int = 30 * 86_400
    session_touch_seconds: int = 60  # "last seen" is written at most this often
    ended_session_seconds: int = 30 * 86_400  # how long a sleeping laptop still learns why it was signed out
    reset_link_seconds: int = 86_400
    invitation_seconds: int = 7 * 86_400
    links_per_hour: int = 60  # an owner inviting a class by hand

    # Rates. Failed sign-ins only: a lab room sits behind one address
    failed_signins_account: int = 5
    failed_signins_address: int = 100
    failed_signins_seconds: int = 900
    failed_signin_delay: float = 2.0  # doubles with every further failure …
    failed_signin_delay_max: float = 300.0  # … up to here: never a lock-out
    signups_per_minute: int = 60
    posts_burst: int = 10
    posts_per_second: float = 1.0
    edits_per_minute: int = 30  # deletions and restorations; changes of the profile
    follows_per_minute: int = 60  # a newcomer going through the class
    messages_burst: int = 10
    messages_per_second: float = 1.0
    guest_burst: int = 5
    guest_per_second: float = 0.5
    reactions_per_minute: int = 60
    rooms_per_hour: int = 30
    conversations_per_hour: int = 60  # direct messages begun
    invitations_per_hour: int = 300  # a class, one by one
    reads_burst: int = 20  # read positions; each is a write
    reads_per_second: float = 2.0
    typing_seconds: float = 3.0  # one frame each so often and user
    rate_entries: int = 50_000  # remembered (account, address) pairs and buckets: about 10 MiB

    # Text
    name_length: int = 64
    post_length: int = 4_000  # code points
    post_bytes: int = 16_384
    page_size: int = 100
    search_length: int = 64
    search_probe: int = 10_000  # the newest texts with the words, from which those that one may see are taken: 10 ms
    searches_burst: int = 20  # a letter at a time …
    searches_per_second: float = 2.0
    reports_per_hour: int = 30
    reason_length: int = 500
    undo_seconds: int = 8
    follows_of_user: int = 2_000  # the feed looks at each of their walls
    message_length: int = 4_000  # code points
    message_marks: int = 50  # mentions, and kinds of reaction, of one message
    description_length: int = 500
    room_members: int = 5_000
    conversation_members: int = 10  # of a direct conversation
    unread_counted: int = 100  # "99+" is as far as anybody reads a number
    emoji_length: int = 16  # code points: a family with skin tones has eleven
    files_of_message: int = 10
    slow_seconds: int = 3_600  # between two messages of one person; beyond an hour it is muting
    mute_minutes: int = 10_080  # a week; who should be gone for longer is banned
    rooms_listed: int = 500  # on one person's page
    preview_length: int = 200  # code points of a message that stand in a notice
    unread_scanned: int = 500  # messages of a room, and notices, that are looked at to count what is unread

    # Guests
    guest_name_length: int = 32
    guest_seconds: int = 86_400  # a pass: a lecture or a day of a workshop
    guest_link_seconds: int = 7 * 86_400
    guests_of_room: int = 500
    guest_passes_per_minute: int = 60  # from one address: a lecture hall comes in together
    lab_posts: int = 1_000  # the labs ask for a whole wall at once: 16 MB when each post is as long as it may be

    # The chat gateways
    tutorial_sockets: int = 1_000  # several classes at once; each has every name of the list told at each arrival, …
    gateway_names: int = 200  # … so of a crowd only the newest are in that list
    socketio_clients: int = 1_000
    socketio_packets: int = 100  # waiting for a client that polls; one that fetches them loses none in a second's gap

    # Boards
    boards_per_hour: int = 30
    boards_of_user: int = 100
    boards_listed: int = 500  # on one page
    board_tiles: int = 40
    board_series: int = 1_000  # each is 110 bytes in the picture that a newcomer gets
    series_key_length: int = 64
    series_unit_length: int = 16
    series_text_length: int = 500  # code points of one value
    tile_text_length: int = 4_000
    tile_series: int = 20
    poll_options: int = 10
    push_bytes: int = 16_384  # of one push: some 300 points with their times
    push_points: int = 1_000  # in one push: 40 ms of the writer
    pushes_burst: int = 100
    pushes_per_second: float = 20.0  # twice as fast as a board tells
    values_burst: int = 20_000  # by all tokens that one person has made …
    values_per_second: float = 2_000.0  # … each takes 40 µs of the writer: a tenth of it
    push_key_length: int = 200  # of an Idempotency-Key …
    push_key_seconds: int = 86_400  # … and how long its answer is kept …
    push_keys: int = 200_000  # … but no more answers than these, the newest: 40 MB
    producers_of_board: int = 50
    future_seconds: int = 60  # a producer's clock may be so far ahead
    raw_seconds: int = 86_400  # values themselves are kept for a day …
    raw_points: int = 50_000  # … and so many of one series: one each two seconds; together, of one board …
    board_points: int = 1_000_000  # … so many at most: about 30 MB
    minute_seconds: int = 14 * 86_400  # by the minute for two weeks
    hour_seconds: int = 2 * 365 * 86_400  # by the hour for two years
    points_shown: int = 2_000  # of one series in one answer: more than a screen has pixels
    late_factor: float = 1.5  # of what a series promised, …
    late_seconds: float = 1.0  # … and a second besides, since we look once a second: then it is late …
    silent_factor: float = 5.0  # … and after so much of it, …
    silent_seconds: float = 10.0  # … and ten seconds besides, in which a device starts again: silent
    silences_per_hour: int = 100  # told in one room, of all its boards: more nobody reads, and the log is for ever
    every_most: int = 7 * 86_400  # seconds; who promises less than one value a week promises nothing
    board_link_seconds: int = 30 * 86_400
    sensor_seconds: int = 4 * 3_600  # a phone is a sensor for a lecture
    sensor_links_of_board: int = 20  # in force at a time
    sensors_of_link: int = 500
    sensors_per_minute: int = 600  # phones that come from one address: a lecture hall does so together
    sensor_pushes_burst: int = 10
    sensor_pushes_per_second: float = 5.0
    statistics_seconds: int = 60  # between two looks at our own figures while nobody watches them
    countries_counted: int = 50  # the largest; people type what they like
    visit_seconds: int = 600  # who looks at a wall again and again in this time has visited it once

    # Pair-Up
    roster_entries: int = 2_000  # of one round: the largest first-year course we know of
    roster_bytes: int = 1_048_576  # of one CSV: 2,000 lines of 500 bytes …
    roster_errors: int = 100  # … of which so many wrong ones are named at a time
    number_length: int = 32  # of a student number
    cohort_length: int = 64
    cohorts_of_round: int = 50  # that may be alone
    rounds_listed: int = 100
    labs_of_round: int = 200
    places_of_round: int = 5_000  # each is 130 bytes in the picture that a newcomer gets
    team_size: int = 4
    title_length: int = 120
    project_length: int = 64  # of a description by the course's own client: its column
    about_length: int = 280  # a line about oneself
    hold_seconds: int = 90  # for a partner to look at their phone
    invitations_of_entry: int = 20  # open at a time
    swaps_of_team: int = 20
    pairup_acts_burst: int = 30  # take, give back, invite …: someone who clicks through a seat map
    pairup_acts_per_second: float = 2.0
    staff_acts_per_minute: int = 120  # of one who arranges a round: each a transaction
    pin_min: int = 4  # digits, as the seed has it; …
    pin_max: int = 7  # … and never as long as a password, so that the two are told apart by their length
    pins_failed_burst: int = 30  # wrong PINs of one account, from all addresses together …
    pins_failed_per_hour: float = 30.0  # … so ten thousand take two weeks
    code_seconds: float = 30 * 86_400  # an invitation code of the roster
    draw_ranks: int = 20  # places that a team may rank
    draw_teams: int = 1_000  # the solver takes seconds for a thousand teams and as many places
    call_misses: int = 3  # called and not there so often, and a team is out of the queue
    notices_shown: int = 50
    audit_page: int = 100
    audit_lines: int = 50_000  # of a CSV: five labs of the largest course, 5 MB

    # Streams
    poll_seconds: int = 25  # a long poll answers by then, with whatever there is
    stream_url_topics: int = 100
    updates_clients: int = 2_000  # of the updates gateway, sockets and polls together: several classes at once
    updates_quiet_least: float = 5.0  # without news for so long, a clock makes some: as the original's did …
    updates_quiet_most: float = 20.0  # … by chance

    # Files
    file_bytes: int = 10_485_760  # 10 MiB: a photo, a recording of a minute, a folder of exercises
    upload_seconds: float = 120.0  # for its body: 10 MiB at 1 Mbit/s take 84
    upload_spool_bytes: int = 65_536  # of a body in memory; the rest waits on the disk
    uploads_at_once: int = 64  # bodies on their way: 640 MiB of disk at worst …
    uploads_at_once_user: int = 10  # … and of one person, as many as a message takes
    upload_threads: int = 2  # pictures made anew at a time: a core each on the smallest machine
    upload_queue: int = 64
    uploads_per_day: int = 30
    files_bytes_user: int = 209_715_200  # 200 MiB: 20 of the largest; a class of 100 fills 20 GB at worst
    file_name_length: int = 255  # as long as file systems take
    loose_file_seconds: int = 3_600  # uploaded and never sent: the composer was closed
    disk_percent: float = 90.0  # fuller than this, files are refused, so that messages are not
    downloads_at_once: int = 256  # each holds a descriptor, and 128 KiB when its reader is slow
    picture_pixels: int = 25_000_000  # before it is decoded: 100 MB of memory
    picture_side: int = 4_096  # larger is made smaller: a screenshot of a 4K screen stays readable
    thumbnail_side: int = 480  # as wide as a message is on most screens
    picture_memory_bytes: int = 536_870_912  # address space of the process that decodes
    picture_cpu_seconds: int = 10
    picture_seconds: float = 15.0

    # The store
    writer_queue: int = 4_096  # changes waiting; more is answered 503
    writer_batch: int = 256  # a commit of 256 rows takes 0.4 ms here; more only adds latency
    readers: int = 16
    missed_events: int = 200  # more missed than this: reload the page instead of replaying
    purge_pages: int = 100  # of the index of texts, rewritten at a time: about 10 ms of the writer …
    purge_steps: int = 20  # … so often in 5 s: 4 % of it, until no word of what was deleted is left
    missed_bytes: int = 262_144  # likewise: one answer to a join carries so much

    # The live connection
    message_bytes: int = 32_768
    fragments: int = 64
    fragment_seconds: float = 10.0  # a fragmented message is whole by then
    authenticate_seconds: float = 5.0
    strangers_at_one_address: int = 20  # sockets that have not said who they are, for a second or longer
    strangers: int = 1_000  # … of everybody, and no more than a tenth of the connections that there may be
    heartbeat_seconds: float = 25.0  # below the 30-60 s after which NATs and proxies forget a connection
    idle_seconds: float = 40.0  # one heartbeat and its answer, with slack
    topics_per_connection: int = 100
    topic_length: int = 64
    pending_requests: int = 16  # unanswered frames of one connection; then its reading pauses
    frames_burst: int = 100
    frames_per_second: float = 20.0
    bad_frames: int = 3  # in a minute, then the connection is closed
    state_seconds: float = 0.1  # between two frames of a board: faster than anybody reads a figure
    fleeting_bytes: int = 65_536  # more than this unsent: typing is dropped
    outbound_bytes: int = 262_144  # more than this unsent: the reader is dropped to a gap
    kernel_bytes: int = 65_536  # each of a socket's own buffers; the kernel doubles them
    stuck_seconds: float = 8.0  # still over it after this: closed as too slow; with two ticks, within 10 s
    ignored_bytes: int = 1_048_576  # sent by a peer that was told to go; then it is cut off
    close_seconds: float = (
        0.8  # a peer that does not answer our close is cut off: within 2 s, as the clock ticks each 1 s
    )
    sockets_per_session: int = 32
    pongs: int = 15_000  # since our last ping; on sockets that we do not ping, one each 25 s lasts four days
    identify_threads: int = 1
    join_threads: int = 2
    questions_batch: int = 32  # answered from one snapshot of the store; each answer may weigh missed_bytes
    presence_grace_seconds: float = 10.0  # a page that is reloaded never left
    presence_crowd: int = 200  # above so many people only numbers are told, and no names …
    presence_shown: int = 50  # … but these, to who comes: more than a screen shows
    heads_per_connection: int = 500  # rooms of which news are told without joining them; a busy person is in fifty
    restart_spread_seconds: float = 2.0
    recheck_seconds: float = 5.0  # local sessions are compared with the store, in case a notice was lost
    shutdown_seconds: int = 8

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Limits:
        """The defaults, changed by ``TWIDDER_LIMIT_…``. Raises ConfigError naming the variable."""
        fields = {field.name: field for field in dataclasses.fields(cls)}
        changed: dict[str, float] = {}
        for variable, text in env.items():
            if not variable.startswith("TWIDDER_LIMIT_"):
                continue
            name = variable.removeprefix("TWIDDER_LIMIT_").lower()
            if name not in fields:
                raise ConfigError(f"{variable}: there is no limit of that name.")
            whole = fields[name].type == "int"
            try:
                value = int(text) if whole else float(text)
            except ValueError:
                raise ConfigError(f"{variable}: {text[:40]!r} is not a number.") from None
            if not 0 < value < 1e12:
                raise ConfigError(f"{variable}: must be more than 0.")
            changed[name] = value
        return cls(**changed)  # type: ignore[arg-type]


@dataclasses.dataclass(frozen=True, slots=True)
class Visitor:
    """As whom anybody may come in; there is one in a demo alone."""

    name: str
    email: str
    password: str


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What the operator chose. ``port`` is the real one: 0 was replaced before this is built."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 5000
    public_url: str = ""
    insecure_http: bool = False
    proxies: int = 0  # how many in front of us are believed about whom they speak for
    lab_status: str = "200"  # or "codes": the labs' later edition
    course_client: Path | None = None
    course_port: int = 5001
    tutorial12_port: int | None = None
    demo: Visitor | None = None
    limits: Limits = Limits()

    @property
    def address(self) -> str:
        """Where people find it, without a trailing slash."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def tutorial12_address(self) -> str:
        """Of the port of its own, where there is one."""
        return "ws" + self.at_port(self.tutorial12_port or 0).address.removeprefix("http")

    @property
    def loopback(self) -> bool:
        """True when nobody else's machine can reach the server."""
        return self.host in LOOPBACK and not self.public_url

    @property
    def https(self) -> bool:
        return self.address.startswith("https:")

    @property
    def hosts(self) -> frozenset[str]:
        """The Host values that are us, lower case."""
        if self.public_url:
            return frozenset({urlsplit(self.public_url).netloc.lower()})
        return frozenset(f"{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]"))

    @property
    def origins(self) -> frozenset[str]:
        """The Origins that are us."""
        scheme = "https" if self.https else "http"
        return frozenset(f"{scheme}://{host}" for host in self.hosts)

    @property
    def cookie(self) -> str:
        """The session cookie's name. Cookies ignore ports, so on plain http the port stands in the name."""
        return "__Host-sid" if self.https else f"sid_{self.port}"

    def as_course(self) -> Settings:
        """The same house as it looks from the course's port."""
        return self.at_port(self.course_port)

    def at_port(self, port: int) -> Settings:
        """The same house as it looks from another port of its own: another address, other hosts."""
        parts = urlsplit(self.public_url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        public_url = f"{parts.scheme}://{host}:{port}" if self.public_url else ""
        return dataclasses.replace(self, port=port, public_url=public_url)


def check_public_url(url: str, *, insecure_http: bool) -> str:
    """The public address without a trailing slash. Raises ConfigError."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
        name = (parts.hostname or "").encode("ascii" if url.isascii() else "idna").decode()
    except ValueError:  # UnicodeError is one
        raise ConfigError(f"TWIDDER_PUBLIC_URL: {url[:80]!r} is not an address.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or "*" in url:
        raise ConfigError("TWIDDER_PUBLIC_URL: must look like https://twidder.example.org.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError("TWIDDER_PUBLIC_URL: must be an address without a path.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not insecure_http:
        raise ConfigError(
            "TWIDDER_PUBLIC_URL: plain http lets everyone on the way read passwords. "
            "Use https, or add --insecure-http if you accept that."
        )
    name = f"[{name}]" if ":" in name else name
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in (None, default) else "")


def default_data() -> Path:
    """``~/.local/share/twidder``: outside the source tree, so a new clone finds the same community."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "twidder"
