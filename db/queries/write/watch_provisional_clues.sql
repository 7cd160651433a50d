-- Clues after `after` whose deadline was counted without knowing all holidays, and is still awaited.
SELECT clue_id FROM clue_case
WHERE district = %(district)s AND clue_id > %(after)s
  AND due_provisional AND disposed_at IS NULL AND voided_at IS NULL
ORDER BY clue_id
LIMIT %(limit)s;
