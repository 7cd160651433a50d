-- How many workers were known to be in each station (path `id`; null: all) at an instant, or in each grid where the grids
-- are few, and where: the middle of their places. Who was in no grid counts in the unit of their own. online: on duty, and
-- a position had come within 5 minutes; outside: of these, not in a grid of their own.
WITH named AS (
    SELECT CASE WHEN count(*) > 150 THEN 2 ELSE 99 END AS depth FROM grid WHERE closed_at IS NULL
),
placed AS (
    SELECT array_to_string((string_to_array(coalesce(g.path, w.path), '/'))[:(SELECT depth FROM named)], '/') AS path,
           p.lon, p.lat, p.in_own_grid,
           d.on_duty AND p.received_at > %(at)s::timestamptz - interval '5 minutes' AS online
    FROM people_then(%(at)s) p
    JOIN worker w USING (worker_id)
    JOIN duty_then(%(at)s) d USING (worker_id)
    LEFT JOIN grid g USING (grid_id)
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
WHERE %(id)s::text IS NULL OR c.path = %(id)s::text
ORDER BY c.path;
