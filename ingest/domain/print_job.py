"""A print job, in whichever language it is: its paper, and the number by which it finds its visit."""

import re
from typing import Literal

from ingest.domain import escpos, labels
from ingest.domain.paper import Paper

Language = Literal["escpos", "cpcl", "tspl"]

_NUMBER = re.compile(
    r"(?:编号|文书号|单号|\bNo\b\.?|\bNumber\b)\s*[:：#=]?\s*(?=[A-Za-z/-]*\d)([A-Za-z0-9/-]{3,64})",
    re.IGNORECASE,
)
_SCANNED = re.compile(r"(?=[A-Za-z-]*\d)[A-Za-z0-9-]{4,64}")


def language(job: bytes) -> Language | None:
    """What the job is written in; None: not for a printer."""
    if labels.is_cpcl(job):
        return "cpcl"
    if labels.is_tspl(job):
        return "tspl"
    return "escpos" if escpos.is_escpos(job) else None


def read(job: bytes, written_in: Language) -> Paper:
    """The paper that it prints."""
    match written_in:
        case "cpcl":
            return labels.read_cpcl(job)
        case "tspl":
            return labels.read_tspl(job)
        case "escpos":
            return escpos.read(job)


def number(paper: Paper) -> str | None:
    """The paper's own number (文书编号): as its text says, else in one of its codes; None: it has none."""
    text = "\n".join(line for line in paper.text().splitlines() if not line.startswith("["))
    for told in (text, *paper.codes()):
        if found := _NUMBER.search(told):
            return found[1]
    return next((code for code in paper.codes() if _SCANNED.fullmatch(code)), None)
