-- Upsert which licences the district's premises need by its own rule; close what is no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(category text, kind text, needed boolean, valid_from date)
), kept AS (
    INSERT INTO licence_requirement (district, category, kind, needed, valid_from)
    SELECT %(district)s, category, kind, needed, valid_from FROM incoming
    ON CONFLICT (district, category, kind, valid_from) DO UPDATE SET needed = EXCLUDED.needed, closed_at = NULL
    WHERE (licence_requirement.needed, licence_requirement.closed_at) IS DISTINCT FROM (EXCLUDED.needed, NULL)
), gone AS (
    UPDATE licence_requirement SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (category, kind, valid_from) NOT IN (SELECT category, kind, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
