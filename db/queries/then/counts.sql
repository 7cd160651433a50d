-- The figures of the strip as they were known at an instant, one row: workers (on duty unless they had said otherwise;
-- online: a position had come within 5 minutes), tasks due that day in the state that was known, alerts known to be open by
-- severity, devices heard of in the full hour before, or since (null: of none it is known).
WITH day AS MATERIALIZED (
    SELECT date_trunc('day', %(at)s::timestamptz, tz) AS begins,
           (date_trunc('day', %(at)s::timestamptz AT TIME ZONE tz) + interval '1 day') AT TIME ZONE tz AS ends
    FROM district_info
),
workers AS (
    SELECT count(*) AS workers, count(*) FILTER (WHERE d.on_duty) AS on_duty,
           count(*) FILTER (WHERE p.received_at > %(at)s::timestamptz - interval '5 minutes') AS workers_online
    FROM worker w
    JOIN duty_then(%(at)s) d USING (worker_id)
    LEFT JOIN people_then(%(at)s) p USING (worker_id)
    WHERE w.role = 'worker'
),
tasks AS (
    SELECT count(*) AS due_today, count(*) FILTER (WHERE e.state = 'done') AS due_today_done,
           count(*) FILTER (WHERE e.state = 'rectifying') AS due_today_rectifying
    FROM task t
    CROSS JOIN LATERAL (
        SELECT state FROM task_event e
        WHERE e.task_id = t.task_id AND e.at >= t.launched_at
          AND coalesce(e.stored_at, e.at) <= %(at)s::timestamptz
        ORDER BY e.at DESC, coalesce(e.stored_at, e.at) DESC LIMIT 1) e
    WHERE t.due_at > (SELECT begins FROM day) AND t.due_at <= (SELECT ends FROM day)
      AND t.launched_at <= %(at)s::timestamptz
),
alerts AS (
    SELECT count(*) AS alerts,
           count(*) FILTER (WHERE severity = 'major') AS major,
           count(*) FILTER (WHERE severity = 'serious') AS serious,
           count(*) FILTER (WHERE severity = 'general') AS general
    FROM alerts_then(%(at)s)
),
online AS (
    SELECT count(*) AS devices, CASE WHEN count(online) > 0 THEN count(*) FILTER (WHERE online) END AS devices_online
    FROM devices_then(%(at)s)
)
SELECT * FROM workers, tasks, alerts, online;
