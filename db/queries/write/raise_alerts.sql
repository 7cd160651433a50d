-- Raise alerts that are new, each with the incident that it opens or joins.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, alert_id text, incident_id text, rule text, subject text, severity severity, params jsonb,
        path text, grid_id text, lon double precision, lat double precision, raised_at timestamptz)
), raised AS (
    INSERT INTO alert (district, alert_id, incident_id, rule, subject, severity, params, path, grid_id, lon, lat,
                       raised_at)
    SELECT district, alert_id, incident_id, rule, subject, severity, params, path, grid_id, lon, lat, raised_at
    FROM incoming
)
INSERT INTO alert_event (district, alert_id, at, event, params, severity)
SELECT district, alert_id, raised_at, 'raised', params, severity FROM incoming;
