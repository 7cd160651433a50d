"""Paper: A4 pages with a head and a number, texts in either script, tables that break over pages.

Latin is set in Helvetica, everything else in STSong-Light, a CID font of Adobe's list, which readers of PDF
bring along: no font file has to be shipped.
"""

import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table, TableStyle

LATIN, BOLD, CHINESE = "Helvetica", "Helvetica-Bold", "STSong-Light"
INK, MUTED, LINE, SHADE = (HexColor(code) for code in ("#14233a", "#5b6b82", "#c6d0de", "#eef3f9"))
BLUE, GREEN, AMBER, RED = (HexColor(code) for code in ("#1f6fd0", "#1f9d6b", "#d98a00", "#d03a4f"))
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
"""Points, between the margins."""

pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))

_CHINESE = re.compile(r"[^\x20-\x7e\xa0-\xff–—]+")
_SIZES = {"title": 20, "heading": 12.5, "body": 9.2, "cell": 8.2, "note": 7.8}


def text(said: str, style: str = "body", *, right: bool = False) -> Paragraph:
    """A paragraph of what is `said`, whatever stands in it: nothing of it is markup."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    chinese = _CHINESE.search(clean) is not None
    return Paragraph(_marked(clean), _style(style, right=right, chinese=chinese))


def font(said: str) -> str:
    """The font in which a label can be set as a whole."""
    return CHINESE if _CHINESE.search(said) else LATIN


def table(
    head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float], numbers: Sequence[int] = ()
) -> Table:
    """Rows of texts (or drawings) under a head that is repeated on every page; `widths` are shares of the
    page's, `numbers` the columns that are set to the right."""
    cells = [
        [
            cell if isinstance(cell, Flowable) else _cell(cell, place in numbers)
            for place, cell in enumerate(row)
        ]
        for row in rows
    ]
    heads = [text(word, "note", right=place in numbers) for place, word in enumerate(head)]
    share = WIDTH / sum(widths)
    made = Table([heads, *cells], [share * width for width in widths], repeatRows=1, hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), SHADE),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return made


def bind(lang: str, title: str, head: str, numbered: str, story: Sequence[Flowable]) -> bytes:
    """The pages as a PDF; `head` stands on each, `numbered` with ``{n}`` below."""
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4, title=title, author="Gridward", lang=lang)

    def around(canvas: Any, document: BaseDocTemplate) -> None:
        canvas.saveState()
        for said, y in ((head, A4[1] - 12 * mm), (numbered.format(n=document.page), 9 * mm)):
            line = text(said, "note", right=True)
            _, height = line.wrap(WIDTH, 12 * mm)
            line.drawOn(canvas, MARGIN, y - height / 2)
        canvas.restoreState()

    frame = Frame(MARGIN, 15 * mm, WIDTH, A4[1] - 32 * mm, leftPadding=0, rightPadding=0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=around))
    document.build(list(story))
    return file.getvalue()


def _cell(said: Any, right: bool) -> Paragraph:
    return text(str(said), "cell", right=right)


def _marked(said: str) -> str:
    marked, end = "", 0
    for run in _CHINESE.finditer(said):
        marked += escape(said[end : run.start()]) + f'<font name="{CHINESE}">{escape(run.group())}</font>'
        end = run.end()
    return marked + escape(said[end:])


def _style(name: str, *, right: bool, chinese: bool) -> ParagraphStyle:
    size, large = _SIZES[name], name in ("title", "heading")
    return ParagraphStyle(
        f"{name}{right}{chinese}",
        fontName=BOLD if large else LATIN,
        fontSize=size,
        leading=size * 1.35,
        textColor=MUTED if name == "note" else INK,
        spaceBefore=size * 0.9 if name == "heading" else 0,
        spaceAfter=size * 0.45 if large or name == "body" else 0,
        keepWithNext=name == "heading",
        alignment=TA_RIGHT if right else 0,
        wordWrap="CJK" if chinese else None,
    )
