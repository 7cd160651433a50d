-- What was said of premises at or below `unit` (null: all) last, by whom, and what it changed.
SELECT e.premises_id, p.name AS premises_name, e.at AT TIME ZONE i.tz AS at, e.event, e.actor, e.said, e.changes,
       e.irregular, w.name AS actor_name, w.name_en AS actor_name_en
FROM premises_event e
JOIN premises p USING (premises_id)
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = e.actor LIMIT 1) w ON true
WHERE (%(unit)s::text IS NULL OR starts_with(p.path || '/', %(unit)s::text || '/'))
  AND (e.event <> 'registered' OR e.changes <> '{}')
ORDER BY e.at DESC, e.premises_id, e.cause
LIMIT %(limit)s;
