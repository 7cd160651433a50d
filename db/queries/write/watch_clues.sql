-- Clues for which time has something to do: nobody has them yet, or a command centre has not answered in time and
-- there is another one above it.
(SELECT clue_id FROM clue_case
 WHERE district = %(district)s AND state IN ('reported', 'returned') LIMIT %(limit)s)
UNION ALL
(SELECT clue_id FROM clue_case
 WHERE district = %(district)s AND state = 'dispatched' AND answer_due_at < %(now)s AND level <> 'city'
 ORDER BY answer_due_at LIMIT %(limit)s);
