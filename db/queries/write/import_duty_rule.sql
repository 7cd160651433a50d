-- Upsert the district's own duty lists and negative lists; end today, or before they begin, those that are no longer in
-- the file. A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(grade text, act text, list text, valid_from date, valid_to date)
), kept AS (
    INSERT INTO duty_rule AS d (district, grade, act, list, valid_from, valid_to)
    SELECT %(district)s, grade, act, list, valid_from, valid_to FROM incoming
    ON CONFLICT (district, grade, act, valid_from) DO UPDATE SET list = EXCLUDED.list, valid_to = EXCLUDED.valid_to
    WHERE (d.list, d.valid_to) IS DISTINCT FROM (EXCLUDED.list, EXCLUDED.valid_to)
), gone AS (
    UPDATE duty_rule r SET valid_to = greatest(r.valid_from, today.day)
    FROM (SELECT (now() AT TIME ZONE tz)::date AS day FROM district WHERE district = %(district)s) today
    WHERE r.district = %(district)s AND (r.valid_to IS NULL OR r.valid_to > greatest(r.valid_from, today.day))
      AND (r.grade, r.act, r.valid_from) NOT IN (SELECT grade, act, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
