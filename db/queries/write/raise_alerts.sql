-- Raise alerts. One that is open for the same rule and subject is not raised again, only made worse;
-- one that was raised before and is over stays over.
WITH incoming AS MATERIALIZED (
    SELECT r.* FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, alert_id text, rule text, subject text, severity severity, params jsonb,
        path text, grid_id text, lon double precision, lat double precision, raised_at timestamptz)
    WHERE NOT EXISTS (
        SELECT FROM alert a WHERE a.district = r.district AND a.alert_id = r.alert_id)
), raised AS (
    INSERT INTO alert AS a (district, alert_id, rule, subject, severity, params, path, grid_id, lon, lat,
                            raised_at)
    SELECT district, alert_id, rule, subject, severity, params, path, grid_id, lon, lat, raised_at
    FROM incoming
    ON CONFLICT (district, rule, subject) WHERE cleared_at IS NULL DO UPDATE SET
        severity = EXCLUDED.severity, params = EXCLUDED.params
    WHERE EXCLUDED.severity > a.severity
    RETURNING district, alert_id, rule, subject, params
)
INSERT INTO alert_event (district, alert_id, at, event, params)
SELECT r.district, r.alert_id, i.raised_at,
       CASE WHEN r.alert_id = i.alert_id THEN 'raised' ELSE 'worsened' END, r.params
FROM raised r JOIN incoming i USING (district, rule, subject)
ON CONFLICT DO NOTHING;
