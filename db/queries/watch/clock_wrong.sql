-- Workers whose phone's clock was off by so much when it last reported live, and those of whom an alert is open whose
-- clock is nearer than a part of it, or who are no workers any more.
WITH open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS worker_id FROM alert
    WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
SELECT worker_id, clock_off_s::float AS off_s, at, lon, lat, grid_id, false AS is_open
FROM worker_state
WHERE district = %(district)s AND abs(clock_off_s) >= %(seconds)s
  AND worker_id NOT IN (SELECT worker_id FROM open)
UNION ALL
SELECT s.worker_id, coalesce(s.clock_off_s, 0), s.at, s.lon, s.lat, s.grid_id, true
FROM open
JOIN worker_state s ON s.district = %(district)s AND s.worker_id = open.worker_id
LEFT JOIN worker w ON w.district = s.district AND w.worker_id = s.worker_id AND w.closed_at IS NULL
WHERE abs(coalesce(s.clock_off_s, 0)) < %(seconds)s * %(calm)s / 100 OR w.worker_id IS NULL;
