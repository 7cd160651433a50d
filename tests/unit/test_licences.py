"""The licences of the simulated worlds: how many hold one, now and in the base year; tomorrow's go on."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from simulators.licences import BASE_YEAR, BUSINESS, NEEDED, Row, licence_rows, write_licences
from simulators.world import WORLDS, grow

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    directory = tmp_path_factory.mktemp("jimei")
    grow(WORLDS["jimei"], directory, TODAY)
    with (directory / "premises.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rate(premises: Iterable[dict[str, str]], rows: Iterable[Row], day: date) -> float:
    """The share of those that were open on the day and need a permit which hold every one, in percent."""
    opened: dict[str, str] = {}
    held = set()
    for premises_id, kind, _, first, last in rows:
        if kind == BUSINESS:
            opened[premises_id] = first
        elif first <= str(day) <= (last or "9"):
            held.add((premises_id, kind))
    needing = [
        one
        for one in premises
        if one["category"] in NEEDED and opened.get(one["premises_id"], "9") <= str(day)
    ]
    holding = [
        one
        for one in needing
        if all((one["premises_id"], permit.kind) in held for permit in NEEDED[one["category"]])
    ]
    return 100 * len(holding) / len(needing)


@pytest.mark.parametrize("today", [TODAY, TODAY + timedelta(days=200)])
def test_three_quarters_hold_what_they_need_and_in_the_base_year_it_was_far_less(
    premises: list[dict[str, str]], today: date
) -> None:
    rows = list(licence_rows(premises, today))
    assert rate(premises, rows, today) == pytest.approx(75.69, abs=0.5)
    assert rate(premises, rows, date(BASE_YEAR, 12, 31)) == pytest.approx(75.69 - 32.7, abs=1)


def test_some_never_had_one_some_let_it_lapse_and_some_must_renew_soon(
    premises: list[dict[str, str]],
) -> None:
    permits: dict[str, list[str]] = {}
    for premises_id, kind, _, _, last in licence_rows(premises, TODAY):
        permits.setdefault(premises_id, [])
        if kind != BUSINESS:
            permits[premises_id].append(last or "9")
    open_now = {one["premises_id"]: one for one in premises if one["status"] in ("in_business", "recorded")}
    needing = [premises_id for premises_id, one in open_now.items() if one["category"] in NEEDED]
    never = [premises_id for premises_id in needing if not permits.get(premises_id)]
    last = [max(permits[premises_id]) for premises_id in needing if permits.get(premises_id)]
    lapsed = [day for day in last if day < str(TODAY)]
    soon = [day for day in last if str(TODAY) <= day <= str(TODAY + timedelta(days=60))]
    for some in (never, lapsed, soon):
        assert 0.01 < len(some) / len(needing) < 0.2
    assert set(permits) <= set(open_now)


def test_a_renewal_begins_the_day_after_the_last_one_ends(premises: list[dict[str, str]]) -> None:
    terms: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for premises_id, kind, _, first, last in licence_rows(premises, TODAY):
        terms.setdefault((premises_id, kind), []).append((first, last))
    renewed = [pair for some in terms.values() for pair in pairwise(some)]
    assert len(renewed) > 500
    for (_, ends), (begins, _) in renewed:
        assert date.fromisoformat(begins) - date.fromisoformat(ends) == timedelta(days=1)


def test_tomorrows_file_holds_todays_licences_and_those_issued_since(
    premises: list[dict[str, str]],
) -> None:
    today, later = set(licence_rows(premises, TODAY)), set(licence_rows(premises, TODAY + timedelta(days=90)))
    assert today < later


def test_the_same_day_writes_the_same_bytes_and_an_older_world_gets_them(
    premises: list[dict[str, str]], tmp_path: Path
) -> None:
    with (tmp_path / "premises.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(premises[0]))
        writer.writeheader()
        writer.writerows(premises)
    count = write_licences(tmp_path, TODAY)
    first = (tmp_path / "licences.csv").read_bytes()
    assert first.count(b"\n") == count + 1
    assert (tmp_path / "kpi_choices.csv").read_text("utf-8").endswith(f"licence_holding_rate,,{BASE_YEAR}\n")
    write_licences(tmp_path, TODAY)
    assert (tmp_path / "licences.csv").read_bytes() == first
