-- How often the device or phone `id` ('camera:C1', 'worker:W1') was heard in each of the last 24 hours, and how full its
-- battery was at the end of each, as far as it said.
WITH asked AS (
    SELECT split_part(%(id)s, ':', 1) AS kind, split_part(%(id)s, ':', 2) AS id
), hours AS (
    SELECT generate_series(date_trunc('hour', now(), i.tz) - interval '23 hours', date_trunc('hour', now(), i.tz), '1 hour') AS hour
    FROM district_info i
), heard AS (
    SELECT d.hour, d.messages FROM device_hourly d JOIN asked a ON a.kind <> 'worker' AND d.device_id = a.id
    WHERE d.hour > now() - interval '25 hours'
    UNION ALL
    SELECT p.hour, p.pings FROM ping_hourly p JOIN asked a ON a.kind = 'worker' AND p.worker_id = a.id
    WHERE p.hour > now() - interval '25 hours'
), charged AS (
    SELECT p.at, p.battery FROM ping p JOIN asked a ON a.kind = 'worker' AND p.worker_id = a.id
    WHERE p.ts > now() - interval '25 hours' AND p.battery IS NOT NULL
    UNION ALL
    SELECT e.at, e.battery FROM device_event e JOIN asked a ON a.kind <> 'worker' AND e.device_id = a.id
    WHERE e.ts > now() - interval '25 hours' AND e.battery IS NOT NULL
)
SELECT h.hour AT TIME ZONE i.tz AS at, coalesce(max(o.messages), 0) AS messages,
       (array_agg(c.battery ORDER BY c.at DESC) FILTER (WHERE c.battery IS NOT NULL))[1] AS battery
FROM hours h
CROSS JOIN district_info i
LEFT JOIN heard o ON date_trunc('hour', o.hour) = date_trunc('hour', h.hour)
LEFT JOIN charged c ON c.at >= h.hour AND c.at < h.hour + interval '1 hour'
GROUP BY h.hour, i.tz
ORDER BY h.hour;
