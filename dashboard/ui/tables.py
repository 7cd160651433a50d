"""A list as a table: each column knows its word, its value and how it is shown."""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st
import xlsxwriter

from dashboard.ui import theme
from dashboard.ui.i18n import say
from db.connect import Row

Kind = Literal["text", "lamp", "time", "day", "number", "rate"]

# How a code is lit, wherever it stands in a list.
LAMPS = {
    **theme.SEVERITY,
    **{"red": theme.RED, "yellow": theme.AMBER, "green": theme.GREEN},
    **dict.fromkeys(("launched", "assigned", "received", "inspecting"), theme.BLUE),
    **{"rectifying": theme.AMBER, "recheck_due": theme.AMBER, "done": theme.GREEN, "closed": theme.GREEN},
    **{"raised": theme.RED, "acknowledged": theme.AMBER, "on_the_spot": theme.GREEN, "resolved": theme.GREEN},
    **{"false_alarm": theme.GREY, "passed": theme.GREY, "merged": theme.GREY, "fresh": theme.BLUE},
    "incident.dispatched": theme.VIOLET,  # of a clue it is an alarm
    **{"suspended": theme.GREY, "cancelled": theme.GREY},
    **{"numerator": theme.GREEN, "rest": theme.AMBER, "taken": theme.GREEN, "waiting": theme.RED},
    **{"reported": theme.BLUE, "routed": theme.BLUE, "dispatched": theme.RED, "returned": theme.VIOLET},
    **{"disposed": theme.GREEN, "invalid": theme.GREY},
    **{"open": theme.RED, "cleared": theme.GREY},
    **{"online": theme.GREEN, "silent": theme.GREY},
    **dict.fromkeys(("queued", "withdrawn"), theme.GREY),
    **dict.fromkeys(("read", "accepted", "on_the_way", "arrived"), theme.GREEN),
    **dict.fromkeys(("refused", "failed", "expired"), theme.RED),
    **{"valid": theme.GREEN, "expiring": theme.AMBER, "none": theme.GREY},
    **{"missing": theme.RED, "expired": theme.RED},
    **{"missed": theme.RED, "clue": theme.GREEN, "inspection": theme.GREEN},
    **{"untied": theme.AMBER, "by_time": theme.GREEN, "by_number": theme.GREEN, "by_id": theme.GREEN},
    **{"doubtful": theme.RED, "unclear": theme.AMBER, "believed": theme.GREEN, "unweighed": theme.GREY},
    **{"active": theme.GREEN, "first_password": theme.AMBER, "locked": theme.RED, "disabled": theme.GREY},
    **{"sending": theme.VIOLET, "sent": theme.GREEN},
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lit(prefix: str, code: str) -> str:
    """The colour of a code, which may have one of its own where its words begin with `prefix`."""
    return LAMPS.get(f"{prefix}.{code}") or LAMPS.get(code, theme.BLUE)


class Column(NamedTuple):
    """One column: `word` names it (locale key ``column.{word}``), `value` gives its cell from the
    language and a row; of a lamp that is a code, said by the locale keys ``{prefix}.{code}``; of a rate
    its numerator and denominator."""

    word: str
    value: Callable[[str, Row], Any]
    kind: Kind = "text"
    prefix: str = ""
    codes: tuple[str, ...] = ()
    width: int | None = None
    """Pixels; None: as it comes."""


def of(key: str) -> Callable[[str, Row], Any]:
    """The cell is the row's `key` as it is."""
    return lambda lang, row: row[key]


def table(lang: str, columns: Sequence[Column], rows: list[Row]) -> pd.DataFrame:
    """The rows as shown: a lamp is a list of one word, or of none; a rate is 0 to 100."""
    cells = {_label(lang, column): [_cell(lang, column, row) for row in rows] for column in columns}
    return pd.DataFrame(cells)


def config(lang: str, columns: Sequence[Column]) -> dict[str, Any]:
    """How Streamlit is to show each column of `table`."""
    return {_label(lang, column): _config(lang, column) for column in columns}


def csv(lang: str, columns: Sequence[Column], rows: list[Row]) -> bytes:
    """The rows as CSV in UTF-8 with a byte order mark, so that Excel reads Chinese. A text that a
    spreadsheet would take for a formula has a quote put in front: names come from outside."""
    shown = [{_label(lang, column): _text(_plain(lang, column, row)) for column in columns} for row in rows]
    labels = [_label(lang, column) for column in columns]
    text: str = pd.DataFrame(shown, columns=labels).to_csv(index=False, date_format="%Y-%m-%d %H:%M:%S")
    return text.encode("utf-8-sig")


def xlsx(lang: str, columns: Sequence[Column], rows: list[Row]) -> bytes:
    """The rows as a workbook of one sheet. A text stays a text, never a formula or a link."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet, head = book.add_worksheet(), book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18)
        sheet.write_row(0, 0, [_label(lang, column) for column in columns], head)
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                cell = _plain(lang, column, row)
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif isinstance(cell, datetime):
                    sheet.write_datetime(number, place, cell, moment)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write_number(number, place, cell)
    return file.getvalue()


def _label(lang: str, column: Column) -> str:
    return say(lang, f"column.{column.word}")


def _cell(lang: str, column: Column, row: Row) -> Any:
    value = column.value(lang, row)
    if column.kind == "lamp":
        return [say(lang, f"{column.prefix}.{value}")] if value else []
    if column.kind == "rate":
        numerator, denominator = value
        return 100 * numerator / denominator if denominator else None
    return value


def _plain(lang: str, column: Column, row: Row) -> Any:
    cell = _cell(lang, column, row)
    if column.kind == "lamp":
        return cell[0] if cell else None
    if column.kind == "rate":
        return None if cell is None else round(cell, 1)
    return cell


def _text(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _config(lang: str, column: Column) -> Any:
    label = _label(lang, column)
    match column.kind:
        case "lamp":
            options = [say(lang, f"{column.prefix}.{code}") for code in column.codes]
            colours = [theme.pill(lit(column.prefix, code)) for code in column.codes]
            width = _width(options)
            return st.column_config.MultiselectColumn(label, options=options, color=colours, width=width)
        case "time":
            return st.column_config.DatetimeColumn(label, format=say(lang, "date.column_time"), width=125)
        case "day":
            return st.column_config.DateColumn(label, format=say(lang, "date.column_day"), width=105)
        case "number":
            return st.column_config.NumberColumn(label, format="localized", width="small")
        case "rate":
            return st.column_config.ProgressColumn(
                label, format="%.1f%%", min_value=0, max_value=100, width=column.width
            )
        case _:
            return st.column_config.TextColumn(label, width=column.width)


def _width(words: Sequence[str]) -> Literal["small"] | int:
    """Of a column of lamps: what its longest word needs, in pixels; a Chinese character is two wide."""
    longest = max(sum(2 if ord(character) > 0x2E7F else 1 for character in word) for word in words)
    return "small" if longest < 8 else 16 + 9 * longest
