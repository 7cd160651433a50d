-- Upsert the district's thresholds; close those of earlier imports that are no longer in the file. What was set
-- otherwise stays. A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT r.name, r.value, r.unit, r.valid_from::timestamp AT TIME ZONE d.tz AS valid_from
    FROM json_to_recordset(%(rows)s::json)
        AS r(name text, value double precision, unit text, valid_from date)
    CROSS JOIN district d WHERE d.district = %(district)s
), kept AS (
    INSERT INTO threshold AS t (district, name, value, unit, valid_from, actor)
    SELECT %(district)s, name, value, unit, valid_from, 'import' FROM incoming
    ON CONFLICT (district, name, valid_from) DO UPDATE SET
        (value, unit, actor, set_at, closed_at) = (EXCLUDED.value, EXCLUDED.unit, EXCLUDED.actor, now(), NULL)
    WHERE (t.value, t.unit, t.closed_at) IS DISTINCT FROM (EXCLUDED.value, EXCLUDED.unit, NULL)
), gone AS (
    UPDATE threshold SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND actor = 'import'
      AND (name, valid_from) NOT IN (SELECT name, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
