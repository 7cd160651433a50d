-- Workers whom a rule of time may concern: outside their grids, or with an open alert.
SELECT worker_id, at, lon, lat, grid_id, outside_since, on_duty
FROM worker_state
WHERE district = %(district)s AND (
    outside_since IS NOT NULL
    OR 'worker:' || worker_id IN (
        SELECT subject FROM alert WHERE district = %(district)s AND rule = 'left_grid' AND cleared_at IS NULL));
