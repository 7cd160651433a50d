-- The open incidents that new alerts may join: those that have rung about the same and were not quiet since before
-- `since` (with whom about, and since when each is quiet, null: it is not), and those of their rules in their sections
-- with an alert no older than that.
WITH ringing AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(rule text, about text, section text)
), repeats AS (
    SELECT a.incident_id, jsonb_object_agg(a.about, a.quiet_since) AS about
    FROM (SELECT DISTINCT rule, about FROM ringing) r
    CROSS JOIN LATERAL (
        SELECT incident_id, about, CASE WHEN count(*) = count(cleared_at) THEN max(cleared_at) END AS quiet_since
        FROM alert
        WHERE district = %(district)s AND rule = r.rule AND about = r.about
          AND coalesce(cleared_at, 'infinity') >= %(since)s
        GROUP BY 1, 2
    ) a
    GROUP BY 1
)
SELECT i.incident_id, i.rule, i.section, i.subjects, i.last_alert_at, coalesce(r.about, '{}') AS about
FROM incident i LEFT JOIN repeats r USING (incident_id)
WHERE i.district = %(district)s AND i.ended_at IS NULL
  AND (r.incident_id IS NOT NULL
       OR i.last_alert_at >= %(since)s AND (i.rule, i.section) IN (SELECT rule, section FROM ringing));
