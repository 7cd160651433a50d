-- Drop the positions of workers from `since`, when they went off duty, until they were on again (null: they are off),
-- and let each be where they were last on duty; how many positions there were.
WITH off AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(worker_id text, since timestamptz, until timestamptz)
), gone AS MATERIALIZED (
    SELECT off.worker_id, off.since, g.at FROM off, forget_off_duty(%(district)s, off.worker_id, off.since, off.until) g (at)
), moved AS (
    UPDATE worker_state w
    SET (at, lon, lat, grid_id, in_own_grid, accuracy_m) =
        (SELECT p.at, p.lon, p.lat, p.grid_id, p.in_own_grid, p.accuracy_m FROM ping p
         WHERE p.district = w.district AND p.worker_id = w.worker_id AND p.at <= gone.since
           AND p.ts > gone.since - interval '2 days' AND p.ts < gone.since + interval '1 day'
         ORDER BY p.ts DESC LIMIT 1)
    FROM (SELECT worker_id, min(since) AS since, max(at) AS at FROM gone GROUP BY 1) gone
    WHERE w.district = %(district)s AND w.worker_id = gone.worker_id AND gone.at >= w.at
)
SELECT count(*) AS positions FROM gone;
