-- Products that were scanned at premises `id`, the latest first, by whose scanner, in `limit` rows at most.
SELECT e.event AS verdict, e.text AS product, e.batch, e.at AT TIME ZONE i.tz AS scanned,
       d.name AS device_name, w.name AS worker_name, w.name_en AS worker_name_en
FROM device_event e
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, worker_id FROM device WHERE device_id = e.device_id LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = d.worker_id LIMIT 1) w ON true
WHERE e.premises_id = %(id)s AND e.batch IS NOT NULL
ORDER BY e.at DESC, e.id
LIMIT %(limit)s;
