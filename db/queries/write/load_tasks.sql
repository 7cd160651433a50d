-- Some tasks by id, locked until the transaction ends.
SELECT district, task_id, premises_id, category, items, grid_id, path, worker_id, state, launched_at, due_at,
       inspected_at, done_at, done_by, rework
FROM task WHERE district = %(district)s AND task_id = ANY(%(ids)s)
ORDER BY task_id FOR UPDATE;
