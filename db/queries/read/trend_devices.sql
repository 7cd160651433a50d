-- How many devices were heard of within the hour before each instant of `at` (null: now), which are full hours of
-- the district but for the present. Left out where none was: nobody may have listened.
WITH instants AS MATERIALIZED (
    SELECT at, CASE WHEN at = date_trunc('hour', at, tz) THEN at - interval '1 hour' END AS hour
    FROM district_info, unnest(coalesce(%(at)s::timestamptz[], ARRAY[now()])) AS at
),
heard AS (  -- those that were closed since are few: to look up each of the others, once an hour, takes longest
    SELECT h.hour, count(*) AS n
    FROM device_hourly h
    WHERE h.hour >= (SELECT min(hour) FROM instants) AND h.hour <= (SELECT max(hour) FROM instants)
      AND h.device_id NOT IN (SELECT device_id FROM device WHERE closed_at IS NOT NULL)
    GROUP BY 1
    UNION ALL
    SELECT NULL, count(*)
    FROM device_state s
    WHERE EXISTS (SELECT FROM instants WHERE hour IS NULL) AND s.last_seen > now() - interval '1 hour'
      AND s.device_id NOT IN (SELECT device_id FROM device WHERE closed_at IS NOT NULL)
)
SELECT i.at, h.n AS value
FROM instants i JOIN heard h ON h.hour IS NOT DISTINCT FROM i.hour
WHERE h.n > 0
ORDER BY 1;
