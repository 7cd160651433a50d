-- Upsert the check items; close those of the modules `among` that are not there (null: of all).
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(item text, module_id text, name text, name_en text, answers jsonb)
), kept AS (
    INSERT INTO check_item (district, item, module_id, name, name_en, answers)
    SELECT %(district)s, item, module_id, name, name_en, answers FROM incoming
    ON CONFLICT (district, item) DO UPDATE SET
        module_id = EXCLUDED.module_id, name = EXCLUDED.name, name_en = EXCLUDED.name_en,
        answers = EXCLUDED.answers, closed_at = NULL
    WHERE (check_item.module_id, check_item.name, check_item.name_en, check_item.answers,
           check_item.closed_at)
        IS DISTINCT FROM (EXCLUDED.module_id, EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.answers, NULL)
), gone AS (
    UPDATE check_item SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (%(among)s::text[] IS NULL OR module_id = ANY(%(among)s))
      AND item NOT IN (SELECT item FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
