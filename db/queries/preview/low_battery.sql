-- When batteries of phones and bodycams fell below so much, and when they were charged so much beyond. What devices
-- only say as their state is not kept.
-- over: worker
WITH told AS (
    SELECT 'worker' AS of, worker_id AS id, at, battery, lon, lat, grid_id FROM ping
    WHERE district = %(district)s AND ts > %(since)s::timestamptz - interval '1 day'
      AND at > %(since)s AND at <= %(until)s AND battery IS NOT NULL
      AND mod(hashtext(worker_id) & 65535, %(parts)s) = %(part)s
    UNION ALL
    SELECT 'device', e.device_id, e.at, e.battery, e.lon, e.lat, e.grid_id
    FROM device d JOIN device_event e USING (district, device_id)
    WHERE d.district = %(district)s AND d.worker_id IS NOT NULL
      AND mod(hashtext(d.worker_id) & 65535, %(parts)s) = %(part)s
      AND e.ts > %(since)s::timestamptz - interval '1 day' AND e.at > %(since)s AND e.at <= %(until)s
      AND e.battery IS NOT NULL
),
steps AS (
    SELECT *, lag(battery) OVER (PARTITION BY of, id ORDER BY at) AS before FROM told
)
SELECT at AS now, of || ':' || id AS subject, of, id, battery, lon, lat, grid_id
FROM steps
WHERE battery < %(below)s AND coalesce(before >= %(below)s, true)
   OR battery >= %(below)s + %(margin)s AND before < %(below)s + %(margin)s
ORDER BY now;
