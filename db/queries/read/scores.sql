-- Scores of one `level` in the period of the `span` that begins on the day `begins`, of those at or below `unit` and by text
-- (null: all), the best first, those with too little to rank last; and by how much their points have changed since the
-- period `before`.
SELECT s.level, s.subject, s.path, coalesce(w.name, u.name, s.subject) AS name,
       CASE WHEN s.level = 'worker' THEN w.name_en ELSE u.name_en END AS name_en,
       u.name AS unit_name, u.name_en AS unit_name_en, t.name AS station_name, t.name_en AS station_name_en,
       s.points, s.low, s.high, s.first, s.last, s.peers, s.points - p.points AS change,
       s.parts, s.left_out, s.gaming, s.traits, coalesce(c.counted_at, s.counted_at) AT TIME ZONE i.tz AS counted
FROM district_info i
JOIN score s ON s.span = %(span)s AND s.begins = %(begins)s::date AND s.level = %(level)s
LEFT JOIN score p ON p.span = s.span AND p.begins = %(before)s::date AND p.level = s.level AND p.subject = s.subject
LEFT JOIN score_period c ON c.span = s.span AND c.begins = s.begins
LEFT JOIN worker w ON s.level = 'worker' AND w.worker_id = s.subject
LEFT JOIN org_unit u ON u.path = s.path
LEFT JOIN org_unit t ON t.path = array_to_string((string_to_array(s.path, '/'))[:2], '/')
WHERE (%(unit)s::text IS NULL OR starts_with(s.path || '/', %(unit)s::text || '/'))
  AND (%(text)s::text IS NULL OR position(lower(%(text)s::text) IN
       lower(concat_ws(' ', s.subject, w.name, w.name_en, u.name, u.name_en))) > 0)
ORDER BY s.points DESC NULLS LAST, s.subject
LIMIT %(limit)s;
