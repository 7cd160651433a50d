-- Upsert the district's own deadline rules; close those that are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(step text, category text, working_days smallint, hours double precision, valid_from date)
), kept AS (
    INSERT INTO deadline_rule (district, step, category, working_days, hours, valid_from)
    SELECT %(district)s, step, category, working_days, hours, valid_from FROM incoming
    ON CONFLICT (district, step, category, valid_from) DO UPDATE SET
        working_days = EXCLUDED.working_days, hours = EXCLUDED.hours, closed_at = NULL
    WHERE (deadline_rule.working_days, deadline_rule.hours, deadline_rule.closed_at)
        IS DISTINCT FROM (EXCLUDED.working_days, EXCLUDED.hours, NULL)
), gone AS (
    UPDATE deadline_rule SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (step, category, valid_from) NOT IN (SELECT step, category, valid_from FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
