-- Clues at or below `unit` that were reported in the month, by how they stand now; red: disposed of late, or late.
SELECT v.state AS code, count(c.clue_id) AS n, count(*) FILTER (WHERE c.severity = 'major') AS major,
       count(*) FILTER (WHERE coalesce(c.disposed_at, now()) > c.due_at AND c.voided_at IS NULL) AS red
FROM district_info d
CROSS JOIN unnest(ARRAY['reported', 'routed', 'dispatched', 'received', 'returned', 'disposed', 'invalid'])
    WITH ORDINALITY AS v (state, place)
LEFT JOIN clue_case c ON c.state = v.state AND is_below(c.path, %(unit)s)
                     AND c.reported_at >= %(month)s::date::timestamp AT TIME ZONE d.tz
                     AND c.reported_at < (%(month)s::date + interval '1 month') AT TIME ZONE d.tz
GROUP BY v.state, v.place
ORDER BY v.place;
