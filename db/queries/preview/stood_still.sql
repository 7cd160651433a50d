-- When workers on duty began to count as standing still, and when they did no longer; their positions minute by minute.
-- over: worker
WITH minutes AS (
    SELECT DISTINCT ON (worker_id, date_trunc('minute', at)) worker_id, at, lon, lat, grid_id,
           coalesce(accuracy_m, 0) / 111195.0 AS off_lat,
           coalesce(accuracy_m, 0) / 111195.0 / cos(radians(lat)) AS off_lon
    FROM ping
    WHERE district = %(district)s AND ts > %(since)s::timestamptz - interval '1 day'
      AND at > %(since)s AND at <= %(until)s
      AND mod(hashtext(worker_id) & 65535, %(parts)s) = %(part)s
    ORDER BY worker_id, date_trunc('minute', at), at DESC
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
near AS (
    SELECT worker_id, at, lon, lat, grid_id,
           greatest(max(lat - off_lat) OVER back - lat, lat - min(lat + off_lat) OVER back,
                    (max(lon - off_lon) OVER back - lon) * cos(radians(lat)),
                    (lon - min(lon + off_lon) OVER back) * cos(radians(lat)))
               <= %(metres)s / 111195.0
           AND min(at) OVER (PARTITION BY worker_id) <= at - %(minutes)s * interval '1 minute'
           AND NOT EXISTS (SELECT FROM off
                           WHERE off.worker_id = m.worker_id AND m.at >= off.begins AND m.at < off.ends) AS still
    FROM minutes m
    WINDOW back AS (PARTITION BY worker_id ORDER BY at
                    RANGE BETWEEN %(minutes)s * interval '1 minute' PRECEDING AND CURRENT ROW)
),
steps AS (
    SELECT *, lag(still, 1, false) OVER (PARTITION BY worker_id ORDER BY at) AS before FROM near
)
SELECT at AS now, 'worker:' || worker_id AS subject, worker_id, at,
       CASE WHEN still THEN at - %(minutes)s * interval '1 minute' ELSE at END AS since, true AS on_duty,
       lon, lat, grid_id
FROM steps WHERE still <> before
ORDER BY now;
