-- Each time that a worker on duty had sent no position for so long, and when the next one came.
-- over: worker
WITH heard AS (
    SELECT worker_id, received_at, lon, lat, grid_id,
           coalesce(lead(received_at) OVER (PARTITION BY worker_id ORDER BY received_at), %(until)s) AS next_at
    FROM ping
    WHERE district = %(district)s AND ts > %(since)s::timestamptz - interval '1 day'
      AND received_at > %(since)s AND received_at <= %(until)s
      AND mod(hashtext(worker_id) & 65535, %(parts)s) = %(part)s
),
gaps AS MATERIALIZED (
    SELECT * FROM heard WHERE next_at - received_at >= %(minutes)s * interval '1 minute'
)
SELECT received_at + %(minutes)s * interval '1 minute' AS now, 'worker:' || worker_id AS subject, worker_id,
       received_at AS last_seen, lon, lat, grid_id,
       coalesce((SELECT e.event = 'duty_on' FROM device_event e
                 WHERE e.district = %(district)s AND e.device_id = g.worker_id AND e.kind = 'worker'
                   AND e.ts > %(since)s::timestamptz - interval '1 day' AND e.at <= g.received_at + %(minutes)s * interval '1 minute'
                 ORDER BY e.at DESC LIMIT 1), true) AS on_duty
FROM gaps g
UNION ALL
SELECT next_at, 'worker:' || worker_id, worker_id, next_at, lon, lat, grid_id, true FROM gaps
ORDER BY now, last_seen DESC;
