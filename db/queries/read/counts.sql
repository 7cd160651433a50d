-- The figures of the strip, one row: workers (on duty unless they said otherwise; online: heard of
-- within 5 minutes), tasks due today, open alerts by severity, devices online (heard of within 10 minutes).
WITH today AS MATERIALIZED (
    SELECT date_trunc('day', now() AT TIME ZONE tz) AT TIME ZONE tz AS begins,
           (date_trunc('day', now() AT TIME ZONE tz) + interval '1 day') AT TIME ZONE tz AS ends
    FROM district_info
),
workers AS (
    SELECT count(*) AS workers,
           count(*) FILTER (WHERE coalesce(s.on_duty, true)) AS on_duty,
           count(*) FILTER (WHERE s.last_seen > now() - interval '5 minutes') AS workers_online
    FROM worker w LEFT JOIN worker_state s USING (worker_id)
    WHERE w.role = 'worker' AND w.closed_at IS NULL
),
tasks AS (
    SELECT count(*) AS due_today, count(*) FILTER (WHERE t.state = 'done') AS due_today_done,
           count(*) FILTER (WHERE t.state = 'rectifying') AS due_today_rectifying
    FROM task t WHERE t.due_at > (SELECT begins FROM today) AND t.due_at <= (SELECT ends FROM today)
),
alerts AS (
    SELECT count(*) AS alerts,
           count(*) FILTER (WHERE severity = 'major') AS major,
           count(*) FILTER (WHERE severity = 'serious') AS serious,
           count(*) FILTER (WHERE severity = 'general') AS general
    FROM alert WHERE cleared_at IS NULL
),
online AS (
    SELECT count(*) AS devices,
           count(*) FILTER (WHERE s.online AND s.last_seen > now() - interval '10 minutes') AS devices_online
    FROM device d LEFT JOIN device_state s USING (device_id)
    WHERE d.closed_at IS NULL
)
SELECT * FROM workers, tasks, alerts, online;
