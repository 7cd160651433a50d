-- Who may be given task `id`: those who have its grid now; of a task in no grid, every worker in sight.
SELECT w.worker_id, w.name, w.name_en
FROM task t
JOIN worker w ON t.grid_id IS NULL AND w.role = 'worker'
    OR w.worker_id IN (SELECT a.worker_id FROM assignment a
                       WHERE a.grid_id = t.grid_id AND (a.valid_to IS NULL OR a.valid_to > now()))
WHERE t.task_id = %(id)s AND w.closed_at IS NULL
ORDER BY w.worker_id;
