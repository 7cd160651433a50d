-- What never changes of some tasks, and their first deadline, by id; locked until the transaction ends.
SELECT district, task_id, premises_id, category, items, grid_id, path, source, launched_at, due_at
FROM task WHERE district = %(district)s AND task_id = ANY(%(ids)s)
ORDER BY task_id FOR UPDATE;
