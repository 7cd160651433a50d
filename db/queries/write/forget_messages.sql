-- Drop what is kept of the messages, of workers' phones and of what they carry, from `since`, when they went off duty,
-- until they were on again (null: they are off): positions stand in them.
DELETE FROM device_message m
USING json_to_recordset(%(rows)s::json) AS off(worker_id text, since timestamptz, until timestamptz)
WHERE m.district = %(district)s AND m.received_at > off.since AND m.received_at < coalesce(off.until, 'infinity')
  AND ((m.kind = 'worker' AND m.device_id = off.worker_id)
       OR EXISTS (SELECT FROM device d
                  WHERE d.district = m.district AND d.device_id = m.device_id AND d.kind = m.kind
                    AND d.worker_id = off.worker_id));
