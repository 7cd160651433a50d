-- Store what workers say about their visits, once; return the keys of what was new.
INSERT INTO visit_appeal (district, worker_id, ts, id, at, visit_id, text, received_at)
SELECT district, device_id, ts, id, at, visit_id, text, received_at
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, ts timestamptz, id text, at timestamptz, visit_id text, text text,
    received_at timestamptz)
ON CONFLICT DO NOTHING
RETURNING worker_id AS device_id, ts, id;
