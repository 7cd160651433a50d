-- Who is responsible for grid `id`, and what is in it: premises, open tasks (of them overdue), open alerts.
SELECT g.path, g.name, g.name_en, s.name AS station_name, s.name_en AS station_name_en,
       who.workers, who.workers_en, who.since AT TIME ZONE i.tz AS since,
       (SELECT count(*) FROM premises p WHERE p.grid_id = g.grid_id AND p.closed_at IS NULL) AS premises,
       (SELECT count(*) FROM worker_state n WHERE n.grid_id = g.grid_id
        AND n.last_seen > now() - interval '5 minutes') AS present,
       todo.tasks, todo.overdue,
       (SELECT count(*) FROM alert a WHERE a.grid_id = g.grid_id AND a.cleared_at IS NULL) AS alerts
FROM grid g
CROSS JOIN district_info i
LEFT JOIN org_unit s ON s.path = array_to_string((string_to_array(g.path, '/'))[:2], '/')
CROSS JOIN LATERAL (
    SELECT string_agg(w.name, '、' ORDER BY w.worker_id) AS workers,
           string_agg(coalesce(w.name_en, w.name), ', ' ORDER BY w.worker_id) AS workers_en,
           min(a.valid_from) AS since
    FROM assignment a JOIN worker w USING (worker_id)
    WHERE a.grid_id = g.grid_id AND a.valid_to IS NULL AND w.closed_at IS NULL
) who
CROSS JOIN LATERAL (
    SELECT count(*) AS tasks, count(*) FILTER (WHERE t.due_at < now()) AS overdue
    FROM task t WHERE t.grid_id = g.grid_id AND t.state <> 'done'
) todo
WHERE g.grid_id = %(id)s;
