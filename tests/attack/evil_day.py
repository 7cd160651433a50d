"""The tiny day in which every text that came from outside begins with a script."""

from pathlib import Path

from psycopg import sql

from db.connect import connect
from tests import tiny_day

EVIL = '"><img src=x onerror=alert(1)>'
_WORDS = {"name", "name_en", "text", "body", "address", "note", "outcome", "topic", "business_scope", "reply"}
_WORDS |= {"firmware", "batch", "number", "receipt_no", "phone", "licence_no"}
_NO_WORDS = {"alert_parameter", "threshold", "known_figures", "preview", "schema_migration", "foreign_name"}
_NO_WORDS |= {"account", "audit"}
"""Tables in which names are codes, or that nothing changes."""
_JSON = {"params", "items", "said", "payload"}
_IN_JSON = r'"(text|answer|note|premises_name|reason|phone)": "'
_PREFIX = "UPDATE {table} SET {column} = %s || {column}"
_PREFIX_IN_JSON = "UPDATE {table} SET {column} = regexp_replace({column}::text, %s, %s, 'g')::jsonb"
_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""


def seed(url: str, directory: Path) -> None:
    """Fill the migrated database at `url` (its owner's address), importing through `directory`."""
    tiny_day.seed(url, directory)
    escaped = EVIL.replace('"', '\\\\"')
    with connect(url) as owner:
        for row in owner.execute(_COLUMNS.encode()).fetchall():
            table, column, kind = row.values()
            names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
            if table in _NO_WORDS:
                continue
            if kind == "text" and column in _WORDS:
                owner.execute(sql.SQL(_PREFIX).format(**names), (EVIL,))
            if kind == "jsonb" and column in _JSON:
                owner.execute(sql.SQL(_PREFIX_IN_JSON).format(**names), (_IN_JSON, rf'"\1": "{escaped}'))
