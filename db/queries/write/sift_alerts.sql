-- Which alerts are new. One that is open for the same rule and subject is not raised again, only made worse, and is
-- given with its incident; one that was raised before and is over stays over.
WITH incoming AS MATERIALIZED (
    SELECT r.*, o.alert_id AS open_id, o.severity AS open_severity, o.incident_id
    FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, alert_id text, rule text, subject text, severity severity, params jsonb,
        raised_at timestamptz)
    LEFT JOIN alert o ON o.district = r.district AND o.rule = r.rule AND o.subject = r.subject AND o.cleared_at IS NULL
    WHERE NOT EXISTS (SELECT FROM alert a WHERE a.district = r.district AND a.alert_id = r.alert_id)
), worse AS (
    UPDATE alert a SET severity = i.severity, params = i.params
    FROM incoming i
    WHERE a.district = i.district AND a.alert_id = i.open_id AND i.severity > i.open_severity
    RETURNING a.district, a.alert_id, i.raised_at, a.params, a.severity
), told AS (
    INSERT INTO alert_event (district, alert_id, at, event, params, severity)
    SELECT district, alert_id, raised_at, 'worsened', params, severity FROM worse
    ON CONFLICT DO NOTHING
)
SELECT coalesce(open_id, alert_id) AS alert_id, open_id IS NULL AS is_new, incident_id, severity
FROM incoming
WHERE open_id IS NULL OR severity > open_severity;
