"""Messages on foreign topics become facts of the devices that are registered, or wait in quarantine."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import nacl.exceptions
import nacl.secret
import psycopg

from db.connect import Row, fetch
from ingest import lasting
from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import Datum
from ingest.contract.topics import is_ours
from ingest.decoders import Message, Told, decode_foreign, protocols
from ingest.domain.facts import DeviceEvent, Fact, OrderReplied
from ingest.domain.heard import Answered, Happened, Other, Presence, Sealed
from ingest.domain.registered import Registered, Route, Routes, fact_of, message_id
from ingest.store import KEPT_PAYLOAD_BYTES

Connection = psycopg.Connection[Row]

EVERYBODY = 0
_KEY_BYTES = 32


@dataclass(frozen=True)
class Foreign:
    """The routes that we listen to, and whose the names are, of every district."""

    routes: Routes = field(default_factory=Routes)
    closed: Collection[str] = ()
    """Filters that we may have listened to, and do not any more."""
    names: Mapping[tuple[str, str], Registered] = field(default_factory=dict)

    @property
    def filters(self) -> list[str]:
        """What to subscribe to."""
        return sorted({route.filter for route in self.routes.all})

    def below(self, decoder: str, prefix: str) -> list[Registered]:
        """Those of the protocol whose name begins with `prefix` and a slash."""
        return [
            whose
            for (protocol, name), whose in self.names.items()
            if protocol == decoder and name.startswith(f"{prefix}/")
        ]


def load_foreign(conn: Connection, districts: Iterable[int], *, everybodys: bool) -> Foreign:
    """What is known now; with everybody's routes, or only with those of these districts."""
    whose = [*districts, *([EVERYBODY] if everybodys else [])]
    rows, known = fetch(conn, "write/load_foreign_routes", {"districts": whose}), protocols()
    routes = [
        Route(row["district"], row["filter"], row["decoder"])
        for row in rows
        if not row["closed"] and row["decoder"] in known
    ]
    names = [_registered(**row) for row in fetch(conn, "write/load_foreign_names")]
    return Foreign(
        Routes(routes),
        {row["filter"] for row in rows} - {route.filter for route in routes},
        {(one.decoder, one.name): one for one in names},
    )


def _registered(tz: str, datum: str | None, **row: Any) -> Registered:
    return Registered(**row, tz=ZoneInfo(tz), datum=Datum(datum) if datum else None)


def declare_protocols(conn: Connection) -> None:
    """Write down what the decoders declare, and their topics as everybody's routes."""
    rows = [
        {"decoder": one.name, "kinds": one.kinds, "acts": sorted(one.tellers), "filters": one.filters}
        for one in protocols().values()
    ]
    fetch(conn, "write/declare_protocols", {"rows": _json(rows)})


def resolve(
    conn: Connection, foreign: Foreign, districts: Collection[int], messages: Sequence[Message]
) -> Sequence[Message]:
    """The messages with facts in place of what was heard; what strangers said is kept for later, what nobody
    has words for is counted. A device of a district that is not among ours waits for the ingest that serves
    it.
    """
    if all(is_ours(delivery.topic) for delivery, _ in messages):
        return messages
    sorting = _Sorting(foreign, districts)
    sorted_ = [(delivery, list(sorting.sort(delivery, found))) for delivery, found in messages]
    sorting.store(conn)
    said = [one for _, some in sorted_ for one in some if isinstance(one, lasting.Said)]
    events = iter(lasting.events(conn, said) if said else ())
    acts = _open_acts(conn, [one for _, some in sorted_ for one in some if isinstance(one, _Answer)])
    return [
        (delivery, [fact for one in some for fact in _settled(one, events, acts)])
        for delivery, some in sorted_
    ]


class _Answer(NamedTuple):
    """That the device has answered an order, which is still to be found; else it is a sign of life."""

    heard: Answered
    alive: Fact


_Act = tuple[int, str, str, str]
_Some = Fact | DecodeError | lasting.Said | _Answer


def _settled(
    one: _Some, events: Iterator[list[DeviceEvent]], acts: Mapping[_Act, str]
) -> Sequence[Fact | DecodeError]:
    if isinstance(one, lasting.Said):
        return next(events)
    if not isinstance(one, _Answer):
        return [one]
    alive = one.alive
    order_id = acts.get((alive.district, alive.kind, alive.device_id, one.heard.act))
    if order_id is None:
        return [alive]
    head = {name: getattr(alive, name) for name in Fact.__struct_fields__}
    return [OrderReplied(**head, order_id=order_id, stage=one.heard.stage, text=one.heard.text)]


class _Sorting:
    """What becomes of what was heard; `store` keeps what is no fact."""

    def __init__(self, foreign: Foreign, districts: Collection[int]) -> None:
        self._foreign, self._districts = foreign, districts
        self._strangers: dict[tuple[int, str, str, str], Row] = {}
        self._others: list[Row] = []
        self._moved: dict[tuple[str, str], str] = {}

    def sort(self, delivery: Delivery, found: Iterable[Fact | Told | DecodeError]) -> Iterator[_Some]:
        for number, one in enumerate(found):
            if not isinstance(one, Told):
                yield one
                continue
            try:
                yield from self._told(delivery, one, number)
            except DecodeError as error:
                yield error

    def _told(self, delivery: Delivery, told: Told, number: int) -> Iterator[_Some]:
        route, heard = told
        if isinstance(heard, Presence) and heard.of_all:
            for whose in self._foreign.below(route.decoder, heard.name):
                if whose.district in self._districts:
                    yield fact_of(heard, whose, delivery, number)
            return
        known = self._foreign.names.get((route.decoder, heard.name))
        if known is None or known.district not in self._districts:
            self._keep(delivery, told, known.district if known else route.district)
            return
        if heard.reply_to and heard.reply_to != known.reply_to:
            self._moved[route.decoder, heard.name] = heard.reply_to
        if isinstance(heard, Sealed):
            yield from self._opened(delivery, told, known)
            return
        if isinstance(heard, Other):
            self._others.append(_row(delivery, told, known.district) | {"type": heard.type[:200]})
        fact = fact_of(heard, known, delivery, number)
        if isinstance(heard, Happened) and isinstance(fact, DeviceEvent) and heard.phase != "once":
            yield lasting.Said(heard, fact)
        elif isinstance(heard, Answered):
            yield _Answer(heard, fact)
        else:
            yield fact

    def _opened(self, delivery: Delivery, told: Told, whose: Registered) -> Iterator[_Some]:
        assert isinstance(told.heard, Sealed)
        if whose.key is None:
            raise DecodeError("no_key", whose.name)
        key = whose.key.encode().ljust(_KEY_BYTES, b"\0")[:_KEY_BYTES]
        try:
            payload = nacl.secret.SecretBox(key).decrypt(told.heard.box)
        except (nacl.exceptions.CryptoError, ValueError):
            raise DecodeError("wrong_key", whose.name) from None
        inside = decode_foreign(delivery._replace(payload=payload), told.route)
        if any(isinstance(one, Told) and isinstance(one.heard, Sealed) for one in inside):
            raise DecodeError("wrong_shape", "sealed twice")
        yield from self.sort(delivery._replace(payload=payload), inside)

    def _keep(self, delivery: Delivery, told: Told, district: int) -> None:
        row = _row(delivery, told, district) | {"id": message_id(delivery), "retain": delivery.retain}
        self._strangers[district, told.route.decoder, told.heard.name, row["id"]] = row

    def store(self, conn: Connection) -> None:
        """Keep strangers' messages, count those of other types, note where devices listen."""
        if self._strangers:
            fetch(conn, "write/quarantine", {"rows": _json(list(self._strangers.values()))})
        if self._others:
            for row in self._others:
                row["payload"] = row["payload"][:KEPT_PAYLOAD_BYTES]
            fetch(conn, "write/count_others", {"rows": _json(self._others)})
        if self._moved:
            rows = [{"decoder": d, "name": n, "reply_to": to} for (d, n), to in sorted(self._moved.items())]
            fetch(conn, "write/note_reply_to", {"rows": _json(rows)})


def _row(delivery: Delivery, told: Told, district: int) -> Row:
    return {
        "district": district,
        "decoder": told.route.decoder,
        "name": told.heard.name,
        "received_at": delivery.received_at,
        "topic": delivery.topic.replace("\0", "\N{REPLACEMENT CHARACTER}")[:1000],
        "payload": delivery.payload,
    }


def _open_acts(conn: Connection, answers: Sequence[_Answer]) -> dict[_Act, str]:
    """The order that each of the answers is to."""
    found: dict[_Act, str] = {}
    for district in {one.alive.district for one in answers}:
        rows = [
            {"kind": one.alive.kind, "device_id": one.alive.device_id, "act": one.heard.act}
            for one in answers
            if one.alive.district == district
        ]
        for row in fetch(conn, "write/open_acts", {"district": district, "rows": _json(rows)}):
            found[district, row["kind"], row["device_id"], row["act"]] = row["order_id"]
    return found


def _json(rows: Any) -> str:
    return msgspec.json.encode(rows).decode()
