-- Each time that a worker on duty had been outside their grids for so long, and when that ended.
-- over: worker
WITH seen AS (
    SELECT worker_id, at, lon, lat, grid_id, in_own_grid,
           count(*) FILTER (WHERE in_own_grid IS NOT FALSE) OVER (PARTITION BY worker_id ORDER BY at) AS outing
    FROM ping
    WHERE district = %(district)s AND ts > %(since)s::timestamptz - interval '1 day'
      AND at > %(since)s AND at <= %(until)s
      AND mod(hashtext(worker_id) & 65535, %(parts)s) = %(part)s
),
off AS MATERIALIZED (
    SELECT * FROM (
        SELECT device_id AS worker_id, event, at AS begins,
               coalesce(lead(at) OVER (PARTITION BY device_id ORDER BY at), 'infinity') AS ends
        FROM device_event
        WHERE district = %(district)s AND kind = 'worker' AND ts > %(since)s::timestamptz - interval '1 day'
          AND mod(hashtext(device_id) & 65535, %(parts)s) = %(part)s
    ) duty WHERE event = 'duty_off'
),
outings AS (
    SELECT worker_id, outing, min(at) AS since, max(at) AS until
    FROM seen WHERE in_own_grid IS FALSE
    GROUP BY worker_id, outing
    HAVING max(at) - min(at) >= %(minutes)s * interval '1 minute'
),
steps AS (
    SELECT DISTINCT ON (o.worker_id, o.outing) s.at AS now, s.worker_id, s.at, s.lon, s.lat, s.grid_id,
           o.since AS outside_since
    FROM outings o JOIN seen s USING (worker_id, outing)
    WHERE s.at - o.since >= %(minutes)s * interval '1 minute'
      AND NOT EXISTS (SELECT FROM off WHERE off.worker_id = s.worker_id AND s.at >= off.begins AND s.at < off.ends)
    ORDER BY o.worker_id, o.outing, s.at
)
SELECT now, 'worker:' || worker_id AS subject, worker_id, at, lon, lat, grid_id, outside_since, true AS on_duty
FROM steps
UNION ALL
SELECT until, 'worker:' || worker_id, worker_id, until, NULL, NULL, NULL, NULL, true FROM outings
ORDER BY now, outside_since NULLS LAST;
