"""The worlds there are, as numbers: a bigger one is another value, not other code."""

from dataclasses import dataclass
from typing import NamedTuple


class Level(NamedTuple):
    """A level of the org tree: what its units' names end in, in both languages, and what it is called."""

    suffix: str
    suffix_en: str
    title: str


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """How large a district is; a bigger one is another value of this."""

    district: str
    name: str
    name_en: str
    centre: tuple[float, float]
    area_km2: float
    stations: int
    squadrons: int
    sections: int
    grids: int
    workers: int
    premises: int
    cameras: int
    scanners: int
    """A terminal stands in every section, a vehicle in every squadron's yard."""
    towns: int = 3
    """Built-up centres, around which villages are small and premises many."""
    seed: int = 1
    bureau: str = "区局"
    """What the topmost level is called."""
    station: Level = Level("监管所", "Station", "监管所")
    squadron: Level = Level("中队", "Squadron", "中队")
    communities: bool = False
    """Whether the sections are villages and communities, of which grids are numbered parts."""


WORLDS = {
    "jimei": WorldPlan(
        district="350211",
        name="集美区",
        name_en="Jimei District",
        centre=(118.03, 24.64),
        area_km2=275.8,
        stations=3,
        squadrons=6,
        sections=18,
        grids=66,
        workers=77,
        premises=7_400,
        cameras=120,
        scanners=8,
    ),
    # A city under which no county stands: towns take the place of districts, communities that of sections.
    "dongguan": WorldPlan(
        district="441900",
        name="东莞市",
        name_en="Dongguan",
        centre=(113.75, 22.94),
        area_km2=2_460,
        stations=33,
        squadrons=99,
        sections=593,
        grids=2_801,
        workers=9_884,
        premises=135_000,
        cameras=5_093,
        scanners=1_000,
        towns=33,
        bureau="市局",
        station=Level("镇监管所", "Town Station", "镇街监管所"),
        communities=True,
    ),
}
