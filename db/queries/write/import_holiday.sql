-- Upsert the district's own working and free days; close those that are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(day date, working boolean, name text)
), kept AS (
    INSERT INTO holiday (district, day, working, name)
    SELECT %(district)s, day, working, name FROM incoming
    ON CONFLICT (district, day) DO UPDATE SET
        working = EXCLUDED.working, name = EXCLUDED.name, closed_at = NULL
    WHERE (holiday.working, holiday.name, holiday.closed_at)
        IS DISTINCT FROM (EXCLUDED.working, EXCLUDED.name, NULL)
), gone AS (
    UPDATE holiday SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND day NOT IN (SELECT day FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
