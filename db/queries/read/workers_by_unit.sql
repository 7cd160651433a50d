-- How many workers are in each station, or in each grid where the grids are few, and where: the middle of their last
-- places. Who is in no grid counts in the unit of their own. online: on duty and heard of within 5 minutes; outside: of
-- these, not in a grid of their own.
WITH named AS (
    SELECT CASE WHEN count(*) > 150 THEN 2 ELSE 99 END AS depth FROM grid WHERE closed_at IS NULL
),
placed AS (
    SELECT array_to_string((string_to_array(coalesce(g.path, w.path), '/'))[:(SELECT depth FROM named)], '/') AS path,
           s.lon, s.lat, s.in_own_grid, s.on_duty AND coalesce(s.last_seen > now() - interval '5 minutes', false) AS online
    FROM worker_state s
    JOIN worker w USING (worker_id)
    LEFT JOIN grid g USING (grid_id)
    WHERE s.lon IS NOT NULL AND w.closed_at IS NULL
),
counted AS (
    SELECT path, round(avg(lon)::numeric, 6)::float AS lon, round(avg(lat)::numeric, 6)::float AS lat,
           count(*) AS workers, count(*) FILTER (WHERE online) AS online,
           count(*) FILTER (WHERE online AND in_own_grid = false) AS outside,
           count(*) FILTER (WHERE NOT online) AS offline
    FROM placed
    GROUP BY path
)
SELECT c.*, u.name, u.name_en
FROM counted c
LEFT JOIN org_unit u USING (path)
ORDER BY c.path;
