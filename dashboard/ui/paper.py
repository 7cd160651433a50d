"""A paper from a printer: what it belongs to, and what it looks like."""

import base64
import io
from html import escape
from urllib.parse import urlencode

import segno
from PIL import Image as Picture
from PIL import ImageOps

from dashboard.ui import premises
from dashboard.ui.i18n import lately, moment, name, say
from dashboard.ui.tables import LAMPS
from db.connect import Row
from ingest.domain import print_job
from ingest.domain.paper import Code, Cut, Image, Line, Mark


def card(lang: str, row: Row) -> str:
    """The row of ``read/paper_card`` as HTML."""
    told = "".join(
        f"<dt>{escape(say(lang, f'card.{word}'))}</dt><dd>{content}</dd>"
        for word, content in _lines(lang, row)
    )
    lamp = LAMPS[row["tie"]]
    return (
        f'<div class="gw gw-picked" style="--c:{lamp}"><header><i class="gw-lamp" style="--c:{lamp}"></i>'
        f"<b>{escape(row['number'] or row['device_name'])}</b>"
        f"<small>{escape(say(lang, 'paper_tie.' + row['tie']))}</small></header><dl>{told}</dl></div>"
    )


def sheet(row: Row) -> str:
    """The paper as it was printed, as HTML; of one that the phone's app told, its text."""
    marks: list[Mark] = [*map(_told, row["body"].split("\n"))]
    if row["job"]:
        marks = print_job.read(bytes(row["job"]), row["language"]).marks
    return f'<div class="gw gw-paper">{"".join(map(_mark, marks))}</div>'


def _told(line: str) -> Mark:
    """A line of the readable text, where a QR code stands in brackets."""
    if line.startswith("[qr: ") and line.endswith("]"):
        return Code("qr", line[5:-1], "center")
    return Line(line)


def _lines(lang: str, row: Row) -> list[tuple[str, str]]:
    lines = [
        ("printed", escape(moment(lang, row["at"], seconds=True))),
        ("printer", escape(row["device_name"])),
        ("worker", escape(name(lang, row, "worker_") if row["worker_name"] else "—")),
        ("language", escape(say(lang, f"paper_language.{row['language'] or 'json'}"))),
    ]
    if row["visit"]:
        link = "visits?" + urlencode({"lang": lang, "picked": row["visit"]})
        visit = f"{lately(lang, row['started'])} – {row['ended']:%H:%M}"
        lines.append(("visited", f'<a href="{escape(link)}">{escape(visit)}</a>'))
        lines.append(("unit_name", premises.named(lang, row)))
    return lines


def _mark(mark: Mark) -> str:
    match mark:
        case Line():
            return _line(mark)
        case Code():
            return _figure(mark, f"{_symbol(mark)}<small>{escape(mark.content)}</small>")
        case Image():
            return _figure(mark, f'<img src="{_png(mark)}" alt="">')
        case Cut():
            return "<hr>"


def _figure(mark: Code | Image, content: str) -> str:
    return f'<figure style="text-align:{mark.align}">{content}</figure>'


def _line(line: Line) -> str:
    style = f"text-align:{line.align};font-size:{min(line.wide, 3)}em"
    style += ";font-weight:700" * line.bold + ";text-decoration:underline" * line.underline
    return f'<p style="{style}">{escape(line.text) or "&nbsp;"}</p>'


def _symbol(code: Code) -> str:
    if code.kind != "qr" or not code.content:
        return f"<b>{escape(code.kind)}</b>"
    try:
        return f'<img src="{segno.make_qr(code.content).png_data_uri(scale=4, border=2)}" alt="">'
    except segno.DataOverflowError:
        return f"<b>{escape(code.kind)}</b>"


def _png(image: Image) -> str:
    dots = Picture.frombytes("1", (image.width, image.height), image.rows)
    file = io.BytesIO()
    ImageOps.invert(dots.convert("L")).save(file, "PNG")  # on paper, 1 is black
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
