-- Queue a notification of each of these steps of incidents for every channel that a route leads to, and wake the sender.
-- What was queued before, or has been sent, is not queued again.
WITH queued AS (
    INSERT INTO notification (district, channel, incident_id, event, at, severity, level, path)
    SELECT DISTINCT i.district, r.channel, i.incident_id, e.event, e.at, i.severity, i.level, i.path
    FROM json_to_recordset(%(steps)s::json) AS e(district integer, incident_id text, at timestamptz, event text)
    JOIN incident i USING (district, incident_id)
    JOIN notify_route r ON r.district = i.district AND r.closed_at IS NULL AND r.severity <= i.severity
        AND r.level >= i.level AND r.rule IN ('', i.rule) AND starts_with(i.path || '/', r.path || '/')
    JOIN notify_channel c ON c.district = r.district AND c.channel = r.channel AND c.closed_at IS NULL
    ON CONFLICT DO NOTHING
    RETURNING channel
)
SELECT pg_notify('gridward_notification', '') WHERE EXISTS (SELECT FROM queued);
