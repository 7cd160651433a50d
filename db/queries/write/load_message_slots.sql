-- Where each device's latest message lies.
SELECT DISTINCT ON (district, kind, device_id) district, kind, device_id, slot
FROM device_message ORDER BY district, kind, device_id, received_at DESC, slot DESC;
