-- Queue orders to go down; one that was queued before is left as it is.
INSERT INTO order_out (district, order_id, task_id, kind, device_id, queued_at)
SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, order_id text, task_id text, kind text, device_id text, queued_at timestamptz)
ON CONFLICT DO NOTHING;
