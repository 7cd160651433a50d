-- The newest `limit` messages of phones about tasks or orders that there are not, which were not taken, and why.
SELECT m.received_at AT TIME ZONE i.tz AS received, split_part(m.topic, '/', 5) AS worker_id,
       split_part(m.reason, ':', 1) AS reason, trim(split_part(m.reason, ':', 2)) AS about,
       w.name AS worker_name, w.name_en AS worker_name_en
FROM rejected_message m
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = split_part(m.topic, '/', 5) LIMIT 1) w ON true
WHERE m.topic LIKE 'gw/v1/%%/worker/%%' AND split_part(m.reason, ':', 1) IN ('unknown_task', 'unknown_order')
  AND m.received_at > now() - interval '7 days'
ORDER BY m.received_at DESC
LIMIT %(limit)s;
