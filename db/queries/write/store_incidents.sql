-- Write incidents as they stand now, and the events that led there. What their alerts say is counted afterwards.
WITH stood AS (
    INSERT INTO incident (district, incident_id, rule, section, path, grid_id, lon, lat, raised_at, opened_at, alerts,
                          open_alerts, subjects, last_alert_at, state, severity, level, escalated_at, due_at,
                          acknowledged_at, acknowledged_by, dispatched_at, sent, on_the_way_at, on_the_spot_at,
                          on_the_spot_by, proved_at, ended_at, ended_by, reason, merged_into, reopened)
    SELECT district, incident_id, rule, section, path, grid_id, lon, lat, raised_at, opened_at, 0,
           0, 0, raised_at, state, severity, level, escalated_at, due_at,
           acknowledged_at, acknowledged_by, dispatched_at, sent, on_the_way_at, on_the_spot_at,
           on_the_spot_by, proved_at, ended_at, ended_by, reason, merged_into, reopened
    FROM json_to_recordset(%(incidents)s::json) AS r(
        district integer, incident_id text, rule text, section text, path text, grid_id text, lon double precision,
        lat double precision, raised_at timestamptz, opened_at timestamptz, state text, severity severity,
        level smallint, escalated_at timestamptz, due_at timestamptz, acknowledged_at timestamptz, acknowledged_by text,
        dispatched_at timestamptz, sent jsonb, on_the_way_at timestamptz, on_the_spot_at timestamptz,
        on_the_spot_by text, proved_at timestamptz, ended_at timestamptz, ended_by text, reason text, merged_into text,
        reopened smallint)
    ON CONFLICT (district, incident_id) DO UPDATE SET
        (state, severity, level, escalated_at, due_at, acknowledged_at, acknowledged_by, dispatched_at, sent,
         on_the_way_at, on_the_spot_at, on_the_spot_by, proved_at, ended_at, ended_by, reason, merged_into, reopened)
        = (EXCLUDED.state, EXCLUDED.severity, EXCLUDED.level, EXCLUDED.escalated_at, EXCLUDED.due_at,
           EXCLUDED.acknowledged_at, EXCLUDED.acknowledged_by, EXCLUDED.dispatched_at, EXCLUDED.sent,
           EXCLUDED.on_the_way_at, EXCLUDED.on_the_spot_at, EXCLUDED.on_the_spot_by, EXCLUDED.proved_at,
           EXCLUDED.ended_at, EXCLUDED.ended_by, EXCLUDED.reason, EXCLUDED.merged_into, EXCLUDED.reopened)
)
INSERT INTO alert_event (district, alert_id, at, event, actor, cause, params, state, irregular)
SELECT district, incident_id, at, event, actor, cause, params, state, irregular
FROM json_to_recordset(%(events)s::json) AS r(
    district integer, incident_id text, at timestamptz, event text, actor text, cause text, params jsonb, state text,
    irregular text)
ON CONFLICT DO NOTHING;
