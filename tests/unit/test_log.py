"""The log: one line an event, and nothing in it that a person has sent."""

import logging
import shlex

from psycopg.errors import CheckViolation, InvalidTextRepresentation

from ingest.log import Logfmt, first_line


def written(message: str, error: BaseException | None = None, **fields: object) -> dict[str, str]:
    """The pairs of the one line that a record becomes."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("ingest.x", logging.WARNING, "x.py", 1, message, (), info)
    record.created = 1772438400.1239
    vars(record).update(fields)
    line = Logfmt().format(record)
    assert "\n" not in line
    return dict(pair.split("=", 1) for pair in shlex.split(line))


def test_a_record_is_its_instant_level_logger_event_and_fields_in_this_order() -> None:
    assert list(written("a batch was refused", messages=5000).items()) == [
        ("at", "2026-03-02T08:00:00.123Z"),
        ("level", "warning"),
        ("logger", "ingest.x"),
        ("event", "a batch was refused"),
        ("messages", "5000"),
    ]


def test_whatever_stands_in_a_value_it_is_one_value_on_one_line() -> None:
    for value in ("", "two words", 'a "quoted" one', "a=b", "back\\slash"):
        assert written("x", topic=value)["topic"] == value
    assert written("x", topic="gw\nlevel=critical\x1b[31m")["topic"] == "gw\\nlevel=critical\\u001b[31m"
    assert written("集美 区", topic="集美")["event"] == "集美 区"


def test_an_error_is_its_type_its_first_line_and_where_it_came_from() -> None:
    try:
        raise CheckViolation("violates a check\nDETAIL:  Failing row contains (甲一, 118.1)")
    except CheckViolation as error:
        pairs = written("refused", error)
    assert (pairs["error"], pairs["why"]) == ("CheckViolation", "violates a check")
    assert pairs["where"].startswith("test_log.py:")


def test_an_error_that_quotes_a_value_or_says_nothing_is_told_by_its_type() -> None:
    quoting = InvalidTextRepresentation('invalid input syntax for type integer: "甲一"')
    assert first_line(quoting) == "InvalidTextRepresentation"
    assert first_line(KeyError()) == "KeyError"
