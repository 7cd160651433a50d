-- Who worker `id` is, where and how they are and since when, and of the tasks due today how many are closed.
-- In the grid since: today's first position there after the last one elsewhere.
SELECT w.name, w.name_en, w.role, g.name AS grid_name, g.name_en AS grid_name_en,
       u.name AS unit_name, u.name_en AS unit_name_en,
       coalesce(s.on_duty, true) AS on_duty, s.duty_at AT TIME ZONE i.tz AS duty_time,
       coalesce(s.last_seen > now() - interval '5 minutes', false) AS online, s.in_own_grid,
       extract(epoch FROM now() - s.at)::float AS age_s, extract(epoch FROM now() - s.last_seen)::float AS seen_s,
       here.since AT TIME ZONE i.tz AS here_time,
       extract(epoch FROM now() - s.outside_since)::float AS outside_s, s.battery, s.speed_kmh,
       t.closed, t.assigned
FROM worker w
CROSS JOIN district_info i
LEFT JOIN worker_state s USING (worker_id)
LEFT JOIN grid g ON g.grid_id = s.grid_id
LEFT JOIN org_unit u ON u.path = w.path
CROSS JOIN LATERAL (
    SELECT min(p.at) FILTER (WHERE p.elsewhere IS NULL OR p.at > p.elsewhere) AS since
    FROM (
        SELECT at, max(at) FILTER (WHERE grid_id IS DISTINCT FROM s.grid_id) OVER () AS elsewhere
        FROM ping
        WHERE worker_id = w.worker_id AND ts >= date_trunc('day', now(), i.tz)
    ) p
) here
CROSS JOIN LATERAL (
    SELECT count(*) AS assigned, count(*) FILTER (WHERE t.state = 'done') AS closed
    FROM task t
    WHERE coalesce(t.done_by, t.worker_id) = w.worker_id
      AND t.due_at > date_trunc('day', now() AT TIME ZONE i.tz) AT TIME ZONE i.tz
      AND t.due_at <= (date_trunc('day', now() AT TIME ZONE i.tz) + interval '1 day') AT TIME ZONE i.tz
) t
WHERE w.worker_id = %(id)s;
