-- Note who sent which photo; the bytes are on disk by then.
INSERT INTO photo (district, worker_id, sha256, bytes, received_at)
SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, worker_id text, sha256 text, bytes integer, received_at timestamptz)
ON CONFLICT DO NOTHING;
