-- Upsert the district's own seasons; close those that are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(category text, item text, begins text, ends text, valid_from date)
), kept AS (
    INSERT INTO season (district, category, item, begins, ends, valid_from)
    SELECT %(district)s, category, item, begins, ends, valid_from FROM incoming
    ON CONFLICT (district, category, valid_from) DO UPDATE SET
        item = EXCLUDED.item, begins = EXCLUDED.begins, ends = EXCLUDED.ends, closed_at = NULL
    WHERE (season.item, season.begins, season.ends, season.closed_at)
        IS DISTINCT FROM (EXCLUDED.item, EXCLUDED.begins, EXCLUDED.ends, NULL)
), gone AS (
    UPDATE season SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (category, valid_from) NOT IN (SELECT category, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
