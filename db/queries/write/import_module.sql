-- Upsert the modules, new when their digest is; close those of `among` that are not there (null: of all).
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(module_id text, name text, name_en text, body jsonb, digest text)
), kept AS (
    INSERT INTO module (district, module_id, name, name_en, body, digest)
    SELECT %(district)s, module_id, name, name_en, body, digest FROM incoming
    ON CONFLICT (district, module_id) DO UPDATE SET
        name = EXCLUDED.name, name_en = EXCLUDED.name_en, body = EXCLUDED.body, digest = EXCLUDED.digest,
        loaded_at = now(), closed_at = NULL
    WHERE (module.digest, module.closed_at) IS DISTINCT FROM (EXCLUDED.digest, NULL)
), gone AS (
    UPDATE module SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (%(among)s::text[] IS NULL OR module_id = ANY(%(among)s))
      AND module_id NOT IN (SELECT module_id FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
