-- Tasks after `after` with a deadline that was counted without knowing all holidays, and is still awaited.
SELECT task_id FROM task
WHERE district = %(district)s AND task_id > %(after)s
  AND (due_provisional OR recheck_provisional) AND done_at IS NULL AND cancelled_at IS NULL
UNION
SELECT task_id FROM obligation
WHERE district = %(district)s AND task_id > %(after)s AND due_provisional AND replied_at IS NULL
ORDER BY task_id
LIMIT %(limit)s;
