-- Store receipts once; return the keys of the new ones.
INSERT INTO receipt (district, device_id, ts, id, at, number, body, inspection_id, hist, clock_off_s,
                     received_at)
SELECT district, device_id, ts, id, at, number, body, inspection_id, hist, clock_off_s, received_at
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, ts timestamptz, id text, at timestamptz, number text, body text,
    inspection_id text, hist boolean, clock_off_s real, received_at timestamptz)
ON CONFLICT DO NOTHING
RETURNING device_id, ts, id;
