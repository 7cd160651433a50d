-- The visits that were made for some tasks.
SELECT task_id, worker_id, id, premises_id, ended, result, received_at, outcome
FROM inspection WHERE district = %(district)s AND task_id IS NOT NULL AND task_id = ANY(%(ids)s);
