-- Every visit to premises `id`, the latest first, in `limit` rows at most: who, when, for which task, what was found item
-- by item in the words of its module, where, with which photos, and what was printed.
SELECT v.worker_id, w.name AS worker_name, w.name_en AS worker_name_en, v.id, v.task_id,
       coalesce(v.outcome, v.result) AS result, v.outcome, v.severity,
       v.lon, v.lat, v.mock, v.receipt_no, r.body AS receipt,
       photo_refs(v.worker_id, v.photos, i.tz) AS photos,
       v.started AT TIME ZONE i.tz AS started, v.ended AT TIME ZONE i.tz AS ended,
       t.category, c.name AS category_name, c.name_en AS category_name_en,
       worded(v.items) AS findings
FROM (SELECT * FROM inspection WHERE premises_id = %(id)s ORDER BY at DESC, worker_id, id LIMIT %(limit)s) v
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = v.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT category FROM task WHERE task_id = v.task_id LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM task_category WHERE category = t.category LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT body FROM receipt WHERE number = v.receipt_no ORDER BY at DESC LIMIT 1) r ON true
ORDER BY v.at DESC, v.worker_id, v.id;
