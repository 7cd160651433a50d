-- Figures of the strip as they were known at an instant, one row: workers (on duty unless they had said otherwise), tasks due
-- that day in the state that was known, alerts known to be open by severity. Who was online, then/devices_by_kind says.
WITH day AS MATERIALIZED (
    SELECT date_trunc('day', %(at)s::timestamptz, tz) AS begins,
           (date_trunc('day', %(at)s::timestamptz AT TIME ZONE tz) + interval '1 day') AT TIME ZONE tz AS ends
    FROM district_info
),
workers AS (
    SELECT count(*) AS workers, count(*) FILTER (WHERE d.on_duty) AS on_duty
    FROM worker w JOIN duty_then(%(at)s) d USING (worker_id)
    WHERE w.role = 'worker'
),
tasks AS (
    SELECT count(*) AS due_today, count(*) FILTER (WHERE e.state = 'done') AS due_today_done,
           count(*) FILTER (WHERE e.state = 'rectifying') AS due_today_rectifying
    FROM day d CROSS JOIN LATERAL tasks_then(%(at)s, d.begins, d.ends) e
),
alerts AS (
    SELECT count(*) AS alerts,
           count(*) FILTER (WHERE severity = 'major') AS major,
           count(*) FILTER (WHERE severity = 'serious') AS serious,
           count(*) FILTER (WHERE severity = 'general') AS general
    FROM alerts_then(%(at)s)
)
SELECT * FROM workers, tasks, alerts;
