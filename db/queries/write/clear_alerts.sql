-- Clear the open alerts of these rules and subjects that had been raised by then. Gives their incidents.
WITH cleared AS (
    UPDATE alert a SET cleared_at = r.at, cleared_stored_at = now()
    FROM (
        SELECT district, rule, subject, max(at) AS at
        FROM json_to_recordset(%(rows)s::json) AS r(district integer, rule text, subject text, at timestamptz)
        GROUP BY 1, 2, 3
    ) r
    WHERE a.district = r.district AND a.rule = r.rule AND a.subject = r.subject
      AND a.cleared_at IS NULL AND a.raised_at <= r.at
    RETURNING a.district, a.alert_id, a.incident_id, a.cleared_at
), told AS (
    INSERT INTO alert_event (district, alert_id, at, event)
    SELECT district, alert_id, cleared_at, 'cleared' FROM cleared
    ON CONFLICT DO NOTHING
)
SELECT DISTINCT incident_id FROM cleared;
