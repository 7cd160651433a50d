-- Upsert the district's own routes of clues; close those that are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(kind text, industry text, keyword text, department_id text, priority smallint, valid_from date)
), kept AS (
    INSERT INTO clue_route (district, kind, industry, keyword, department_id, priority, valid_from)
    SELECT %(district)s, kind, industry, keyword, department_id, priority, valid_from FROM incoming
    ON CONFLICT (district, kind, industry, keyword, valid_from) DO UPDATE SET
        department_id = EXCLUDED.department_id, priority = EXCLUDED.priority, closed_at = NULL
    WHERE (clue_route.department_id, clue_route.priority, clue_route.closed_at)
        IS DISTINCT FROM (EXCLUDED.department_id, EXCLUDED.priority, NULL)
), gone AS (
    UPDATE clue_route SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (kind, industry, keyword, valid_from) NOT IN (SELECT kind, industry, keyword, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
