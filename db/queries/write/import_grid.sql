-- Upsert the grids; close what is no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(grid_id text, path text, name text, name_en text, geom jsonb)
), kept AS (
    INSERT INTO grid (district, grid_id, path, name, name_en, geom)
    SELECT %(district)s, grid_id, path, name, name_en, geom FROM incoming
    ON CONFLICT (district, grid_id) DO UPDATE SET
        path = EXCLUDED.path, name = EXCLUDED.name, name_en = EXCLUDED.name_en, geom = EXCLUDED.geom,
        closed_at = NULL
    WHERE (grid.path, grid.name, grid.name_en, grid.geom, grid.closed_at)
        IS DISTINCT FROM (EXCLUDED.path, EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.geom, NULL)
), gone AS (
    UPDATE grid SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND grid_id NOT IN (SELECT grid_id FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
