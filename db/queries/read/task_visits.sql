-- The visits that were made for task `id`: what was found, item by item in the words of its module, where, and which
-- photos were taken; received: whether its bytes have come.
SELECT v.worker_id, v.id, w.name AS worker_name, w.name_en AS worker_name_en, v.result, v.outcome, v.severity,
       v.lon, v.lat, v.accuracy_m, v.mock, v.receipt_no, v.premises_id,
       photo_refs(v.worker_id, v.photos, i.tz) AS photos,
       v.started AT TIME ZONE i.tz AS started, v.ended AT TIME ZONE i.tz AS ended,
       worded(v.items) AS findings
FROM inspection v
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = v.worker_id LIMIT 1) w ON true
WHERE v.task_id = %(id)s
ORDER BY v.ended, v.worker_id, v.id;
