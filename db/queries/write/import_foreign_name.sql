-- Upsert whose names of foreign protocols are; close those that a file has brought and that are no longer in it. A file
-- without keys leaves the keys that there are.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        decoder text, name text, kind text, device_id text, datum text, tz text, key text)
), kept AS (
    INSERT INTO foreign_name (district, decoder, name, kind, device_id, datum, tz, key, by_file)
    SELECT %(district)s, decoder, name, kind, device_id, datum, tz, key, true FROM incoming
    ON CONFLICT (district, decoder, name) DO UPDATE SET
        kind = EXCLUDED.kind, device_id = EXCLUDED.device_id, datum = EXCLUDED.datum, tz = EXCLUDED.tz,
        key = coalesce(EXCLUDED.key, foreign_name.key), by_file = true, closed_at = NULL
), gone AS (
    UPDATE foreign_name SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL AND by_file
      AND (decoder, name) NOT IN (SELECT decoder, name FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
