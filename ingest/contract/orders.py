"""Orders: what a page or an import asks ingest to carry out, one row of `command` each."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from ingest.contract.messages import Id, Text


class LaunchTask(Struct, frozen=True, tag_field="kind", tag="launch_task"):
    """Inspect these premises against this checklist by the end of this day (district time)."""

    task_id: Id
    premises_id: Id
    category: Text
    due: date
    items: Annotated[list[Text], Meta(max_length=100)] = []
    worker_id: Id | None = None
    """Left out: a worker of the premises' grid is chosen."""


Order = LaunchTask
"""Every order there is; the tag ``kind`` tells them apart."""
