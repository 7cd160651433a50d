-- Upsert annual reports that have been filed; with `whole` close those that are no longer in the file, of the years
-- that are in it. A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(premises_id text, year smallint, filed date)
), other AS (
    SELECT i.* FROM incoming i
    LEFT JOIN annual_report a ON a.district = %(district)s AND a.premises_id = i.premises_id AND a.year = i.year
    WHERE (a.filed, a.closed_at) IS DISTINCT FROM (i.filed, NULL::timestamptz)
), kept AS (
    INSERT INTO annual_report (district, premises_id, year, filed)
    SELECT %(district)s, premises_id, year, filed FROM other
    ON CONFLICT (district, premises_id, year) DO UPDATE SET filed = EXCLUDED.filed, closed_at = NULL
), gone AS (
    UPDATE annual_report SET closed_at = now()
    WHERE %(whole)s AND district = %(district)s AND closed_at IS NULL
      AND year IN (SELECT year FROM incoming)
      AND (premises_id, year) NOT IN (SELECT premises_id, year FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
