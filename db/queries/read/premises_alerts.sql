-- The alerts about premises `id` and about clues of theirs, open ones first, then the latest, in `limit` rows at most.
SELECT a.alert_id, a.rule, a.severity, a.params, worded(a.params -> 'findings') AS findings,
       a.raised_at AT TIME ZONE i.tz AS raised,
       a.cleared_at AT TIME ZONE i.tz AS cleared, p.name AS premises_name,
       w.name AS worker_name, w.name_en AS worker_name_en, d.name AS device_name
FROM alert a
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = a.params ->> 'premises_id' LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = a.params ->> 'worker_id' LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = a.params ->> 'device_id' LIMIT 1) d ON true
WHERE a.subject = ANY (ARRAY(SELECT 'premises:' || %(id)s
                             UNION ALL
                             SELECT format('clue:%%s:%%s', c.clue_id, called)
                             FROM clue_case c, unnest(ARRAY['village', 'town', 'city']) AS called
                             WHERE c.premises_id = %(id)s AND c.severity = 'major'))
   OR a.rule = 'unsafe_product' AND a.about = 'premises:' || %(id)s
ORDER BY a.cleared_at DESC NULLS FIRST, a.raised_at DESC, a.alert_id
LIMIT %(limit)s;
