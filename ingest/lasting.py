"""What foreign devices say of things that go on becomes events with a duration, one each."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
import psycopg
from msgspec.structs import replace

from db.connect import Row, fetch
from ingest.domain.facts import DeviceEvent
from ingest.domain.heard import Happened
from ingest.domain.lasting import Episode, go_on

Connection = psycopg.Connection[Row]
_Thing = tuple[int, str, str]

OVER = {"sos": "sos_cleared"}
"""What has a word for its end, because rules wait for it."""


class Said(NamedTuple):
    """That something went on at an instant, as it was heard and as the event that it would be by itself."""

    heard: Happened
    event: DeviceEvent

    @property
    def thing(self) -> _Thing:
        """Which of the things of which device."""
        named = f"{self.heard.event}\n{self.heard.key}".encode()
        return self.event.district, self.event.device_id, hashlib.sha256(named).hexdigest()[:16]


def events(conn: Connection, said: Sequence[Said]) -> list[list[DeviceEvent]]:
    """For each the event as it stands after it, with the word for its end where there is one; none where
    something ended that never began. The same event comes as often as there is something to say of it."""
    episodes = _episodes(conn, said)
    return [_events(one, episodes[one.thing]) for one in said]


def _events(said: Said, known: list[Episode]) -> list[DeviceEvent]:
    were_open = {episode for episode in known if episode.ended is None}
    episode = go_on(known, said.event.ts, said.heard.phase)
    if episode is None:
        return []
    shift = said.event.at - said.event.ts
    thing = f"{said.thing[2]}-{round(episode.began.timestamp() * 1000)}"
    has_ended = episode in were_open and episode.ended is not None
    word = OVER.get(said.event.event) if has_ended else None
    over = [replace(said.event, id=f"{thing}-over", event=word)] if word else []
    lasting = replace(
        said.event,
        id=thing,
        ts=episode.began,
        at=episode.began + shift,
        began=episode.began + shift,
        ended=episode.ended and episode.ended + shift,
    )
    return [lasting, *over]


def _episodes(conn: Connection, said: Sequence[Said]) -> dict[_Thing, list[Episode]]:
    instants: dict[_Thing, list[datetime]] = defaultdict(list)
    for one in said:
        instants[one.thing].append(one.event.ts)
    rows = [
        {"district": district, "device_id": device_id, "thing": thing, "since": min(some), "until": max(some)}
        for (district, device_id, thing), some in instants.items()
    ]
    found: dict[_Thing, list[Episode]] = {thing: [] for thing in instants}
    whole = {"since": min(map(min, instants.values())), "until": max(map(max, instants.values()))}
    key = {"rows": msgspec.json.encode(rows).decode(), **whole}
    for row in fetch(conn, "write/load_episodes", key):
        episode = Episode(row["began"], row["ended"])
        found[row["district"], row["device_id"], row["thing"]].append(episode)
    return found
