-- A phone and a device of one id, which are of two units, and have both told of something.
INSERT INTO worker (district, worker_id, name, role, path)
SELECT district, 'twin', format('u%s-01-01-01-02u', district), 'worker', district || '/01/01/01/02' FROM district;
INSERT INTO device (district, device_id, kind, name, path)
SELECT district, 'twin', 'camera', format('u%s-01-01-01-01u', district), district || '/01/01/01/01' FROM district;
INSERT INTO device_event (district, device_id, ts, id, at, kind, event, text, lon, lat, hist, received_at)
SELECT district, 'twin', told, kind, told, kind, 'duty_on', name, lon, 24.605, false, told
FROM (SELECT district, 'worker' AS kind, name, now() AS told, 118.005 AS lon FROM worker WHERE worker_id = 'twin'
      UNION ALL SELECT district, kind, name, now() - interval '2 days', NULL FROM device WHERE device_id = 'twin') twin;
INSERT INTO device_message (district, kind, device_id, slot, received_at, topic, payload, bytes, said)
SELECT district, kind, 'twin', 0, now(), text, '', 0, '[]' FROM device_event WHERE device_id = 'twin';
