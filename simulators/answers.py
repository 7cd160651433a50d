"""What a worker taps on the menus of a checklist, or writes where there is none."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple, Protocol

from ingest.contract.messages import Finding, Result, Severity
from simulators.trades import FAILINGS, OTHER_FAILING

SEVERITIES = {Severity.GENERAL: 0.76, Severity.SERIOUS: 0.2, Severity.MAJOR: 0.04}
"""The share of each severity among findings, as far as the menus have it."""

_PLAIN = 0.9  # of what is in order, by the first answer that says so; a lift that there is none, by another
_FINE = "正常"


class Said(Protocol):
    """Words by language, as orders and modules have them."""

    @property
    def zh(self) -> str: ...


class Option(Protocol):
    """One line of a menu."""

    @property
    def code(self) -> str: ...
    @property
    def text(self) -> Said: ...
    @property
    def means(self) -> Result: ...
    @property
    def severity(self) -> Severity | None: ...


class Menu(Protocol):
    """An item's, as an order brings it down and as a module has it."""

    @property
    def text(self) -> Said: ...
    @property
    def answers(self) -> Sequence[Option]: ...


Menus = Mapping[str, Menu]
"""By the code of the item."""


class Answered(NamedTuple):
    """A checklist filled in; by menu, the severity is left to whoever made the menu."""

    findings: tuple[Finding, ...]
    result: Result


def fill_in(dice: Random, items: Sequence[str], menus: Menus, failing: bool) -> Answered:
    """Answer every item; if `failing`, one of them wrong, as long as any can be."""
    wrong = list(_failings(dice, items, menus)) if failing else []
    chosen = (
        dice.choices([finding for finding, _ in wrong], [share for _, share in wrong])[0] if wrong else None
    )
    findings = tuple(
        chosen if chosen and chosen.item == item else _fine(dice, item, menus.get(item)) for item in items
    )
    return Answered(findings, Result.ABNORMAL if chosen else Result.NORMAL)


def lines(answered: Answered, menus: Menus) -> Iterator[str]:
    """The checklist in words, as a printer has it."""
    for one in answered.findings:
        menu = menus.get(one.item)
        option = _option(menu, one.answer)
        bad = one.severity or (option and option.means is Result.ABNORMAL)
        item, answer = menu.text.zh if menu else one.item, option.text.zh if option else one.answer
        yield f"{'×' if bad else '√'} {item}:{answer}"


def _failings(dice: Random, items: Sequence[str], menus: Menus) -> Iterator[tuple[Finding, float]]:
    """What can be wrong, and how often that is."""
    for item in items:
        menu = menus.get(item)
        for option in menu.answers if menu else ():
            if option.severity:
                yield Finding(item, option.code), SEVERITIES[option.severity]
        if menu is None:
            severity = dice.choices(list(SEVERITIES), list(SEVERITIES.values()))[0]
            yield Finding(item, FAILINGS.get(item, OTHER_FAILING), severity), 1.0


def _fine(dice: Random, item: str, menu: Menu | None) -> Finding:
    if menu is None:
        return Finding(item, _FINE)
    options = [option for option in menu.answers if option.means is Result.NORMAL]
    return Finding(item, (options[0] if dice.random() < _PLAIN else dice.choice(options)).code)


def _option(menu: Menu | None, code: str) -> Option | None:
    return next((option for option in menu.answers if option.code == code), None) if menu else None
