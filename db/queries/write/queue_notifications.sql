-- Queue a notification of each of these events for every channel that a route leads to, and wake the sender. What
-- was queued before, or has been sent, is not queued again.
WITH queued AS (
    INSERT INTO notification (district, channel, alert_id, event, at, severity, path)
    SELECT DISTINCT a.district, r.channel, a.alert_id, e.event, e.at, a.severity, a.path
    FROM json_to_recordset(%(events)s::json) AS e(district integer, alert_id text, at timestamptz, event text)
    JOIN alert a USING (district, alert_id)
    JOIN notify_route r ON r.district = a.district AND r.closed_at IS NULL AND r.severity <= a.severity
        AND r.rule IN ('', a.rule) AND starts_with(a.path || '/', r.path || '/')
    JOIN notify_channel c ON c.district = r.district AND c.channel = r.channel AND c.closed_at IS NULL
    ON CONFLICT DO NOTHING
    RETURNING channel
)
SELECT pg_notify('gridward_notification', '') WHERE EXISTS (SELECT FROM queued);
