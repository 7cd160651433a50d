-- Queue orders by which devices, people and departments are told to do something; one that was queued before is left as
-- it is.
WITH queued AS (
    INSERT INTO order_out (district, order_id, incident_id, kind, device_id, act, params, queued_at, expires_at)
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, order_id text, incident_id text, kind text, device_id text, act text, params jsonb,
        queued_at timestamptz, expires_at timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING district, order_id, queued_at
)
INSERT INTO order_event (district, order_id, stage, at)
SELECT district, order_id, 'queued', queued_at FROM queued;
