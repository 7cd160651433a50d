-- Tasks whose time to put it right is over: their re-checks are due. The longest over first.
SELECT task_id FROM task
WHERE district = %(district)s AND state = 'rectifying' AND rectify_due_at < %(now)s
ORDER BY rectify_due_at
LIMIT %(limit)s;
