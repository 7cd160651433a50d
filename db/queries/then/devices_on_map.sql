-- Where each device (`id`; null: all) that has a place was known to be at an instant, to the decimetre, in a constant order;
-- online: heard of in the full hour before, or since; as offline too where nobody is known to have listened.
SELECT d.device_id, d.kind, d.name, round(d.lon * 1e6) / 1e6 AS lon, round(d.lat * 1e6) / 1e6 AS lat,
       coalesce(d.online, false) AS online, w.name AS worker_name, w.name_en AS worker_name_en
FROM devices_then(%(at)s, NULL, true) d
LEFT JOIN worker w USING (worker_id)
WHERE d.lon IS NOT NULL AND (%(id)s::text IS NULL OR d.device_id = %(id)s::text)
ORDER BY d.device_id;
