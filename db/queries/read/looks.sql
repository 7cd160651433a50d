-- Who looked at the tracks of workers at or below `unit`, for which reasons and by text (null: all), the latest first.
SELECT l.at AT TIME ZONE i.tz AS at, l.actor, l.about, l.id, l.worker_id, w.name AS worker_name, w.name_en AS worker_name_en,
       s.name AS station_name, s.name_en AS station_name_en,
       l.since AT TIME ZONE i.tz AS since, l.until AT TIME ZONE i.tz AS until
FROM track_look l
LEFT JOIN worker w USING (worker_id)
CROSS JOIN district_info i
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(w.path, '/'))[:2], '/')
WHERE (%(unit)s::text IS NULL OR l.worker_id = '*' OR starts_with(w.path || '/', %(unit)s::text || '/'))
  AND (%(abouts)s::text[] IS NULL OR l.about = ANY (%(abouts)s::text[]))
  AND (%(text)s::text IS NULL
       OR position(lower(%(text)s::text) IN lower(concat_ws(' ', l.actor, l.id, l.worker_id, w.name, w.name_en))) > 0)
ORDER BY l.at DESC, l.look_id, l.worker_id
LIMIT %(limit)s;
