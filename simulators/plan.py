"""The worlds there are, as numbers: a bigger one is another value, not other code."""

from dataclasses import dataclass


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
    towns: int = 3
    """Built-up centres, around which villages are small and premises many."""
    seed: int = 1


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
    ),
}
