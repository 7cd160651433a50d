-- Upsert the district's own minutes for each step; close those that are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(severity severity, step text, minutes double precision, valid_from date)
), kept AS (
    INSERT INTO escalation_rule (district, severity, step, minutes, valid_from)
    SELECT %(district)s, severity, step, minutes, valid_from FROM incoming
    ON CONFLICT (district, severity, step, valid_from) DO UPDATE SET minutes = EXCLUDED.minutes, closed_at = NULL
    WHERE (escalation_rule.minutes, escalation_rule.closed_at) IS DISTINCT FROM (EXCLUDED.minutes, NULL)
), gone AS (
    UPDATE escalation_rule SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (severity, step, valid_from) NOT IN (SELECT severity, step, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
