-- Write thresholds, and let ingest know. One that is to hold from the same instant takes the other's place.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        name text, value double precision, unit text, valid_from timestamptz, actor text)
), kept AS (
    INSERT INTO threshold AS t (district, name, value, unit, valid_from, actor)
    SELECT %(district)s, name, value, unit, valid_from, actor FROM incoming
    ON CONFLICT (district, name, valid_from) DO UPDATE SET
        (value, unit, actor, set_at, closed_at) = (EXCLUDED.value, EXCLUDED.unit, EXCLUDED.actor, now(), NULL)
)
SELECT pg_notify('gridward_threshold', %(district)s::text);
