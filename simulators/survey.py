"""What workers find of premises: the base survey's answers, what any visit brings to light, new ones."""

from random import Random

from ingest.contract.messages import ArchivePart, FoundStatus, PhotoRef, PremisesReport
from simulators import names
from simulators.chance import draw
from simulators.files import Premises
from simulators.trades import OPEN_TAGS, TRADES

_STATUSES: dict[FoundStatus, float] = {"in_business": 0.86, "moved": 0.05, "closed": 0.06, "not_found": 0.03}
_THERE = ("in_business", "closed")
_SIGN, _TAG = 0.5, 0.3  # of the surveyed
_TAGGED, _UNTAGGED, _GONE, _SHIFTED = 0.02, 0.004, 0.003, 0.01  # of all other visits


def surveyed(premises: Premises) -> ArchivePart:
    """The same answer for the same premises, whoever goes there."""
    dice = draw("survey", premises.premises_id)
    (status,) = dice.choices(list(_STATUSES), list(_STATUSES.values()))
    if status not in _THERE:
        return ArchivePart(status)
    return ArchivePart(
        status,
        here=True,
        tags_added=[dice.choice(OPEN_TAGS)] if dice.random() < _TAG else [],
        sign=premises.name if dice.random() < _SIGN else None,
    )


def noticed(dice: Random) -> ArchivePart | None:
    """What strikes a worker on an ordinary visit; mostly nothing does."""
    chance = dice.random()
    if chance < _TAGGED:
        return ArchivePart(tags_added=[dice.choice(OPEN_TAGS)])
    if chance < _TAGGED + _UNTAGGED:
        return ArchivePart(tags_removed=[dice.choice(OPEN_TAGS)])
    if chance < _TAGGED + _UNTAGGED + _GONE:
        return ArchivePart("closed" if dice.random() < 0.7 else "moved")
    if chance < _TAGGED + _UNTAGGED + _GONE + _SHIFTED:
        return ArchivePart("in_business", here=True)
    return None


def premises_found(
    dice: Random, lon: float, lat: float, accuracy_m: float, photo: PhotoRef
) -> PremisesReport:
    """A shop that nobody has on record, where the worker stands."""
    trade = dice.choice(TRADES)
    return PremisesReport(
        names.shop(dice.randrange(1 << 30), dice.randrange(1 << 30)) + dice.choice(trade.suffixes),
        trade.name,
        lon,
        lat,
        tags=[dice.choice(trade.kinds), dice.choice(OPEN_TAGS)],
        photos=[photo],
        accuracy_m=accuracy_m,
    )
