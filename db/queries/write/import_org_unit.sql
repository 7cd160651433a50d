-- Upsert the org tree; close what is no longer in it.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(path text, depth smallint, name text, name_en text, level text)
), kept AS (
    INSERT INTO org_unit (district, path, depth, name, name_en, level)
    SELECT %(district)s, path, depth, name, name_en, level FROM incoming
    ON CONFLICT (district, path) DO UPDATE SET
        depth = EXCLUDED.depth, name = EXCLUDED.name, name_en = EXCLUDED.name_en, level = EXCLUDED.level,
        closed_at = NULL
    WHERE (org_unit.depth, org_unit.name, org_unit.name_en, org_unit.level, org_unit.closed_at)
        IS DISTINCT FROM (EXCLUDED.depth, EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.level, NULL)
), gone AS (
    UPDATE org_unit SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND path NOT IN (SELECT path FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
