-- The open tasks about premises `id`, the most pressing first.
SELECT t.task_id, t.state, t.category, c.name AS category_name, c.name_en AS category_name_en,
       w.name AS worker_name, w.name_en AS worker_name_en, t.worker_id, t.holds_at AT TIME ZONE i.tz AS due,
       lamp(t.launched_at, t.holds_at, now(), t.suspended_at) AS lamp
FROM (SELECT *, disposal_due(due_at, inspected_at, recheck_due_at) AS holds_at FROM task) t
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM task_category WHERE category = t.category LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = t.worker_id LIMIT 1) w ON true
WHERE t.premises_id = %(id)s AND t.done_at IS NULL AND t.cancelled_at IS NULL
ORDER BY t.holds_at, t.task_id
LIMIT %(limit)s;
