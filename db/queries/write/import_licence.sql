-- Upsert the licences; close those that are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(premises_id text, kind text, number text, valid_from date, valid_to date)
), kept AS (
    INSERT INTO licence (district, premises_id, kind, number, valid_from, valid_to)
    SELECT %(district)s, premises_id, kind, number, valid_from, valid_to FROM incoming
    ON CONFLICT (district, premises_id, kind, number, valid_from) DO UPDATE SET
        valid_to = EXCLUDED.valid_to, closed_at = NULL
    WHERE (licence.valid_to, licence.closed_at) IS DISTINCT FROM (EXCLUDED.valid_to, NULL)
), gone AS (
    UPDATE licence SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (premises_id, kind, number, valid_from) NOT IN (
          SELECT premises_id, kind, number, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
