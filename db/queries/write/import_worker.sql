-- Upsert the workers; close those who are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(worker_id text, name text, name_en text, role text, path text)
), kept AS (
    INSERT INTO worker (district, worker_id, name, name_en, role, path)
    SELECT %(district)s, worker_id, name, name_en, role, path FROM incoming
    ON CONFLICT (district, worker_id) DO UPDATE SET
        name = EXCLUDED.name, name_en = EXCLUDED.name_en, role = EXCLUDED.role, path = EXCLUDED.path,
        closed_at = NULL
    WHERE (worker.name, worker.name_en, worker.role, worker.path, worker.closed_at)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.role, EXCLUDED.path, NULL)
), gone AS (
    UPDATE worker SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND worker_id NOT IN (SELECT worker_id FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
