-- The last messages of the device or phone `id` ('camera:C1', 'worker:W1') as they came, and what was made of them.
SELECT m.received_at AT TIME ZONE i.tz AS at, m.topic, m.payload, m.bytes, m.said
FROM device_message m CROSS JOIN district_info i
WHERE m.kind = split_part(%(id)s, ':', 1) AND m.device_id = split_part(%(id)s, ':', 2)
ORDER BY m.received_at DESC, m.slot DESC;
