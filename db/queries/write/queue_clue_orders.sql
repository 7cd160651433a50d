-- Queue orders by which departments learn of clues; one that was queued before is left as it is.
INSERT INTO order_out (district, order_id, clue_id, kind, device_id, queued_at)
SELECT r.district, r.order_id, r.clue_id, 'clue', r.device_id, r.queued_at
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, order_id text, clue_id text, device_id text, queued_at timestamptz)
ON CONFLICT DO NOTHING;
