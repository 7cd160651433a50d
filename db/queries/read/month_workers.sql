-- The workers at or below `unit` by their points of the month, with those of the month before; last those with too little
-- to rank.
SELECT w.worker_id, w.name, w.name_en, u.name AS unit_name, u.name_en AS unit_name_en, s.points, s.low, s.high,
       s.first, s.last, s.peers, s.parts, b.points AS before
FROM worker w
LEFT JOIN org_unit u ON u.path = w.path
LEFT JOIN score s ON s.span = 'month' AND s.begins = %(month)s::date AND s.level = 'worker' AND s.subject = w.worker_id
LEFT JOIN score b ON b.span = 'month' AND b.begins = (%(month)s::date - interval '1 month')::date
                 AND b.level = s.level AND b.subject = s.subject
WHERE is_below(w.path, %(unit)s) AND (s.subject IS NOT NULL OR w.role = 'worker' AND w.closed_at IS NULL)
ORDER BY s.points DESC NULLS LAST, w.worker_id;
