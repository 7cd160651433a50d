"""Public reports: each of a file is judged anew by what patrols had found until then."""

import msgspec
import psycopg

from db.connect import Row, fetch
from ingest.domain.patrol import WITHIN, Finding, Report, found_before
from ingest.import_cells import Record


def settle_reports(conn: psycopg.Connection[Row], district: int, rows: list[Record]) -> None:
    """Keep with each of these rows of ``public_report`` which finding it was, if any."""
    reports = [msgspec.convert(row, Report) for row in rows]
    if not reports:
        return
    times = [report.reported_at for report in reports]
    span = {"district": district, "since": min(times) - WITHIN, "until": max(times)}
    findings = [msgspec.convert(row, Finding) for row in fetch(conn, "write/load_findings", span)]
    found = found_before(reports, findings)
    told = [
        {
            "report_id": report.report_id,
            "found_by": one and one.by,
            "found_id": one and one.id,
            "found_at": one and one.at,
        }
        for report in reports
        for one in [found.get(report.report_id)]
    ]
    fetch(conn, "write/settle_reports", {"district": district, "rows": msgspec.json.encode(told).decode()})
