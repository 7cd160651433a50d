"""职责清单 and 负面清单: what accounts of a grade may do, and what they may not, by dated rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from msgspec import Struct

from ingest.contract.messages import Severity
from ingest.domain.account import Grade


class Listed(StrEnum):
    """Which of a grade's lists a rule is a line of."""

    DUTY = "duty"  # a grade that has any of these may do nothing else
    NEGATIVE = "negative"  # never, whatever the duty list says


class DutyRule(Struct, frozen=True):
    """An act (an order's kind, or ``kind:severity``) on a list, from `valid_from` on and until before
    `valid_to`, days of the district."""

    grade: Grade
    act: str
    list: Listed
    valid_from: date
    valid_to: date | None = None
    own: bool = False
    """Whether it is the district's own; the others are everybody's."""


@dataclass(frozen=True)
class DutyLists:
    """A district's rules as they are now; without any, everything is allowed."""

    rules: Sequence[DutyRule] = ()
    tz: tzinfo = field(default=UTC)

    def refusal(self, grade: Grade, kind: str, severity: Severity | None, at: datetime) -> str | None:
        """Why accounts of `grade` may not, at `at`, give an order of `kind` about what is of `severity`: a
        code, or None if they may. A rule on the bare kind holds for all severities."""
        acts = {kind} if severity is None else {kind, f"{kind}:{severity}"}
        lists = self._in_force(grade, at.astimezone(self.tz).date())
        if any(lists[act] is Listed.NEGATIVE for act in acts & lists.keys()):
            return "on_negative_list"
        duties = {act for act, which in lists.items() if which is Listed.DUTY}
        return "not_on_duty_list" if duties and not acts & duties else None

    def _in_force(self, grade: Grade, day: date) -> dict[str, Listed]:
        """The acts on the grade's lists: those of the district's own, if it has any, else everybody's; of
        rules on the same act the newest."""
        holding = [
            rule
            for rule in self.rules
            if rule.grade is grade
            and rule.valid_from <= day
            and (rule.valid_to is None or day < rule.valid_to)
        ]
        rules = [rule for rule in holding if rule.own] or holding
        return {rule.act: rule.list for rule in sorted(rules, key=lambda rule: rule.valid_from)}
