-- The workers with the grids assigned to them now.
SELECT w.worker_id, w.role, w.path, coalesce(array_agg(a.grid_id) FILTER (WHERE a.grid_id IS NOT NULL), '{}') AS grids
FROM worker w
LEFT JOIN assignment a ON a.district = w.district AND a.worker_id = w.worker_id AND a.valid_to IS NULL
WHERE w.district = %(district)s AND w.closed_at IS NULL
GROUP BY w.worker_id, w.role, w.path;
