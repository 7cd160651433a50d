-- Who may be given task `id`: first those who have its grid now, then the others of its station, since the grid's only
-- worker may be away; of a task in no grid, every worker in sight.
WITH asked AS MATERIALIZED (SELECT path, grid_id FROM task WHERE task_id = %(id)s),
having_it AS MATERIALIZED (
    SELECT worker_id FROM assignment
    WHERE grid_id = (SELECT grid_id FROM asked) AND (valid_to IS NULL OR valid_to > now())
)
SELECT f.worker_id, f.name, f.name_en, u.name AS unit_name, u.name_en AS unit_name_en
FROM (SELECT w.*, (string_to_array(w.path, '/'))[:2] = (string_to_array(t.path, '/'))[:2] AS near,
             w.worker_id IN (SELECT worker_id FROM having_it) AS own, t.grid_id
      FROM asked t CROSS JOIN worker w
      WHERE w.role = 'worker' AND w.closed_at IS NULL) f
LEFT JOIN org_unit u ON u.path = f.path
WHERE f.own OR f.near OR f.grid_id IS NULL
ORDER BY f.own DESC, f.path, f.worker_id;
