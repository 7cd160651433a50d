-- Those who are ranked in a period from `begins` until `ends`, with the grids that were theirs when it ended.
SELECT w.worker_id, w.path,
       ARRAY(SELECT DISTINCT a.grid_id FROM assignment a
             WHERE a.district = w.district AND a.worker_id = w.worker_id AND a.valid_from < %(ends)s
               AND (a.valid_to IS NULL OR a.valid_to >= least(%(ends)s, %(now)s)) ORDER BY 1) AS grids
FROM worker w
WHERE w.district = %(district)s AND w.role = 'worker' AND (w.closed_at IS NULL OR w.closed_at >= %(begins)s)
ORDER BY 1;
