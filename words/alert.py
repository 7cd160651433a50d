"""What an alert says: its code and parameters in a language."""

from collections.abc import Mapping
from typing import Any

from words import name, say

Row = Mapping[str, Any]


def sentence(lang: str, row: Row) -> str:
    """What an alert says. `row`: its ``rule`` and ``params``, and the names (``worker_name``,
    ``worker_name_en``, ``device_name``, ``premises_name`` ...) of whom and what they name, None if unknown;
    the ``findings`` of an inspection, each with its ``name`` and its answer's ``answer_name``.

    A rule without a sentence of its own is named by its code.
    """
    params = {
        key: f"{value:g}" if isinstance(value, float) else value for key, value in row["params"].items()
    }
    colon, comma = ("：", "、") if lang == "zh" else (": ", ", ")
    findings = [f"{name(lang, one)}{colon}{name(lang, one, 'answer_')}" for one in row.get("findings") or ()]
    worker = name(lang, row, "worker_") if row["worker_name"] else params.get("worker_id")
    device = row.get("device_name") or params.get("device_id")
    grid = name(lang, row, "grid_") if row.get("grid_name") else row.get("grid_id")
    premises = row["premises_name"] or params.get("premises_name") or params.get("premises_id")
    clue_kind = params.pop("clue_kind", None)
    clue = say(lang, f"clue_kind.{clue_kind}") if clue_kind else None
    act = say(lang, f"act.{params.pop('act')}") if params.get("act") else None
    named = {
        "worker": worker,
        "device": device,
        "holder": worker or device,
        "grid": grid,
        "whose": worker or grid,
        "event": say(lang, f"event.{params.pop('event', '')}"),
        "premises": premises,
        "spot": premises or worker or device,
        "whom": worker or _department(lang, row, params) or device,
        "about": premises or clue or act,
        "kind": say(lang, f"kind.{params.pop('kind', '')}"),
        "findings": comma.join(findings),
        "clue": clue,
        "level": say(lang, f"level.{params.pop('level', '')}"),
    }
    known = {key: value for key, value in (params | named).items() if value or value == 0}
    return say(lang, f"alert.{row['rule']}", **known)


def _department(lang: str, row: Row, params: Row) -> str | None:
    return name(lang, row, "department_") if row.get("department_name") else params.get("department_id")
