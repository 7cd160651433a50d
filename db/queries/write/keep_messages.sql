-- Keep devices' messages, each in its slot, in place of an older one.
INSERT INTO device_message AS m (district, kind, device_id, slot, received_at, topic, payload, bytes, said)
SELECT district, kind, device_id, slot, received_at, topic, decode(payload, 'base64'), bytes, said
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, kind text, device_id text, slot smallint, received_at timestamptz, topic text, payload text,
    bytes integer, said jsonb)
ON CONFLICT (district, kind, device_id, slot) DO UPDATE SET
    (received_at, topic, payload, bytes, said)
    = (EXCLUDED.received_at, EXCLUDED.topic, EXCLUDED.payload, EXCLUDED.bytes, EXCLUDED.said);
