-- `unit` and the squadrons and sections below it in the order of the tree, with their scores of the month and their points
-- of the month before; null without any.
SELECT u.path, u.depth, u.level, u.name, u.name_en, s.points, s.low, s.high, s.first, s.last, s.peers, s.parts,
       s.left_out, s.gaming, s.traits, b.points AS before
FROM org_unit u
LEFT JOIN score s ON s.span = 'month' AND s.begins = %(month)s::date AND s.level <> 'worker' AND s.subject = u.path
LEFT JOIN score b ON b.span = 'month' AND b.begins = (%(month)s::date - interval '1 month')::date
                 AND b.level = s.level AND b.subject = s.subject
WHERE is_below(u.path, %(unit)s) AND u.depth < 5 AND sees(u.path) AND (u.closed_at IS NULL OR s.subject IS NOT NULL)
ORDER BY u.path;
