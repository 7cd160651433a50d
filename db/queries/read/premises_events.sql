-- What was said of premises `id`, the latest first, by whom, and what it changed, in `limit` rows at most.
SELECT e.premises_id, p.name AS premises_name, e.at AT TIME ZONE i.tz AS at, e.event, e.actor, e.said, e.changes,
       e.irregular, w.name AS actor_name, w.name_en AS actor_name_en
FROM premises_event e
JOIN premises p USING (premises_id)
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = e.actor LIMIT 1) w ON true
WHERE e.premises_id = %(id)s
ORDER BY e.at DESC, e.event, e.cause
LIMIT %(limit)s;
