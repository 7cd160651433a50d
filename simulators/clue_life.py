"""A clue's life in the past: from its report to its disposal, or as far as it has come by now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from ingest.contract.messages import Datum, Severity
from ingest.domain.clue import ClueCase, ClueDetails, ClueEvent, ClueHappened
from ingest.domain.clue_replay import ReplayedClue, replay_clue
from ingest.domain.clue_steps import addressed, escalated, opened, replied
from ingest.domain.facts import Clue
from simulators.habits import of_department, pick
from simulators.past import Past, Place
from simulators.trades import CLUES, FEEDBACK, INDUSTRIES, NOT_THEIRS

_SEVERITIES = {"general": 0.86, "serious": 0.12, "major": 0.02}
_NAMED, _VOID, _RETURNED, _LEFT_LYING = 0.6, 0.01, 0.03, 0.013
_SILENT = 0.15  # of the calls about major clues get no answer in time
_DELAY = 4.2  # times as long as a task's feedback


@dataclass
class ClueLife:
    """One clue with its events, and what became of it, as the simulation itself has it."""

    fact: Clue
    case: ClueCase
    events: list[ClueEvent] = field(default_factory=list)
    valid: bool = False
    void: bool = False
    disposed: bool = False

    @property
    def over(self) -> bool:
        return self.disposed or self.void


def clue_lives(past: Past, day: date, count: int, dice: Random) -> Iterator[ClueLife]:
    """The lives of the `count` clues that were reported on `day`."""
    for number in range(count):
        place = dice.choice(past.places)
        at = past.days.later(past.days.begin(day, dice), 1e-9, dice)
        worker = past.roster.worker_for(place.premises.grid_id, place.premises_id)
        assert worker is not None
        fact = _fact(past.roster.district, place, worker, at, f"HC{day:%Y%m%d}-{number:06d}", dice)
        case, first = opened(fact, past.roster)
        yield _Walk(past, place.words, ClueLife(fact, case, [first]), dice).through()


@dataclass
class _Walk:
    past: Past
    words: str
    life: ClueLife
    dice: Random

    def through(self) -> ClueLife:
        """Live it, until it is over or now is reached."""
        life, dice = self.life, self.dice
        at = life.fact.received_at
        if not self._address(at):
            return life
        life.valid = True
        if life.case.severity is Severity.MAJOR:
            self._escalate()
        if dice.random() < _VOID:
            voided = self.past.days.after(at, dice.randint(1, 3), dice)
            life.void = self._add(
                self._event(voided, ClueHappened.VOIDED, "bureau", ClueDetails(text="重复上报"))
            )
            life.valid = not life.void
            return life
        if dice.random() < _RETURNED and not self._return():
            return life
        if dice.random() >= _LEFT_LYING:
            self._dispose()
        return life

    def _address(self, at: datetime) -> bool:
        after = self._standing()
        words = self.words if after.case.premises_id else ""
        event = addressed(after.case, after.steps, words, self.past.roster, at)
        return event is not None and self._add(event)

    def _escalate(self) -> None:
        """Nobody answers: the next level is called, a little later than the time that there was."""
        while self.dice.random() < _SILENT:
            case = self._standing().case
            due = case.answer_due_at
            event = due and escalated(case, self.past.roster, due + timedelta(seconds=1))
            if not event or not self._add(event):
                return

    def _return(self) -> bool:
        """Whether somebody else has it by now, and it was theirs to send back."""
        case = self._standing().case
        if case.routed_by == ["bureau"] or case.department_id is None:
            return True
        at = self._when(case.department_id, 1)
        return self._reply(case, at, "refused", NOT_THEIRS) and self._address(at + timedelta(seconds=1))

    def _dispose(self) -> None:
        case = self._standing().case
        assert case.department_id is not None
        at = self._when(case.department_id, _DELAY)
        heard = self.life.events[-1].at
        self._reply(case, heard + (at - heard) * self.dice.uniform(0.05, 0.5), "accepted", None)
        self.life.disposed = self._reply(case, at, "done", self.dice.choice(FEEDBACK))

    def _when(self, department_id: str, times: float) -> datetime:
        delay = of_department(self.past.seed, department_id).delay_days
        return self.past.days.later(self.life.events[-1].at, delay * times, self.dice)

    def _reply(self, case: ClueCase, at: datetime, stage: str, text: str | None) -> bool:
        whose = case.department_id
        assert whose is not None
        return self._add(replied(case, at, whose, f"{case.clue_id}-{stage}-{whose}", stage, text, whose))

    def _event(self, at: datetime, kind: ClueHappened, actor: str, details: ClueDetails) -> ClueEvent:
        case = self.life.case
        return ClueEvent(case.district, case.clue_id, at, kind, actor, f"{case.clue_id}-{kind}", details)

    def _standing(self) -> ReplayedClue:
        return replay_clue(self.life.case, self.life.events)

    def _add(self, event: ClueEvent) -> bool:
        """Let it happen; False if it is still to come."""
        if event.at > self.past.now:
            return False
        self.life.events.append(event)
        return True


def _fact(district: int, place: Place, worker: str, at: datetime, id: str, dice: Random) -> Clue:
    kind, text = dice.choice(CLUES)
    lon, lat = place.premises.lon, place.premises.lat
    return Clue(
        district=district,
        kind="worker",
        device_id=worker,
        id=id,
        ts=at,
        at=at,
        received_at=at + timedelta(seconds=2),
        raw_lon=lon,
        raw_lat=lat,
        lon=lon,
        lat=lat,
        datum=Datum.WGS84,
        grid_id=place.premises.grid_id,
        clue_kind=kind,
        severity=Severity(pick(dice, _SEVERITIES)),
        text=text,
        industry=dice.choice(INDUSTRIES) if dice.random() < 0.8 else None,
        premises_id=place.premises_id if dice.random() < _NAMED else None,
    )
