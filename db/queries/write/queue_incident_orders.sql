-- Queue orders by which devices and departments learn that they are sent to an incident; one that was queued before
-- is left as it is.
INSERT INTO order_out (district, order_id, incident_id, kind, device_id, act, params, queued_at)
SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, order_id text, incident_id text, kind text, device_id text, act text, params jsonb,
    queued_at timestamptz)
ON CONFLICT DO NOTHING;
