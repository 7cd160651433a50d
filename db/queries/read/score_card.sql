-- Worker `id`, and their score in the period of the `span` that begins on the day `begins`, with its change since the
-- period `before`; what is not known yet is null.
SELECT w.worker_id, w.name, w.name_en, w.path, u.name AS unit_name, u.name_en AS unit_name_en,
       t.name AS station_name, t.name_en AS station_name_en,
       s.points, s.low, s.high, s.first, s.last, s.peers, s.points - p.points AS change,
       s.parts, s.left_out, s.gaming, s.traits,
       CASE WHEN s.counted_at IS NOT NULL THEN coalesce(c.counted_at, s.counted_at) END AT TIME ZONE i.tz AS counted
FROM district_info i
JOIN worker w ON w.worker_id = %(id)s
LEFT JOIN score s ON s.span = %(span)s AND s.begins = %(begins)s::date
                 AND s.level = 'worker' AND s.subject = w.worker_id
LEFT JOIN score p ON p.span = %(span)s AND p.begins = %(before)s::date
                 AND p.level = 'worker' AND p.subject = w.worker_id
LEFT JOIN score_period c ON c.span = s.span AND c.begins = s.begins
LEFT JOIN org_unit u ON u.path = w.path
LEFT JOIN org_unit t ON t.path = array_to_string((string_to_array(w.path, '/'))[:2], '/');
