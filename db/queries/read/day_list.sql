-- What worker `id` can visit now: the open tasks at premises where one at least is due within `days` days after today
-- (null: whenever). Those wait for nobody: neither suspended, nor for the trader to put something right.
WITH due AS MATERIALIZED (
    SELECT t.*, disposal_due(t.due_at, t.inspected_at, t.recheck_due_at) AS holds_at
    FROM task t
    WHERE t.worker_id = %(id)s AND t.done_at IS NULL AND t.cancelled_at IS NULL
      AND t.state NOT IN ('suspended', 'rectifying')
)
SELECT t.task_id, t.premises_id, p.lon, p.lat, p.name AS premises_name, p.address, t.category,
       c.name AS category_name, c.name_en AS category_name_en, t.state, t.items, t.source,
       lamp(t.launched_at, t.holds_at, now(), NULL) AS lamp, t.holds_at AT TIME ZONE i.tz AS due, p.registered_on,
       ARRAY(SELECT a.year FROM annual_report a WHERE a.premises_id = t.premises_id) AS filed
FROM due t
CROSS JOIN district_info i
CROSS JOIN LATERAL (
    SELECT name, address, lon, lat, registered_on FROM premises WHERE premises_id = t.premises_id LIMIT 1) p
LEFT JOIN task_category c ON c.category = t.category
WHERE %(within)s::integer IS NULL
   OR t.premises_id IN (
       SELECT premises_id FROM due
       WHERE holds_at < (date_trunc('day', now() AT TIME ZONE i.tz) + (%(within)s::integer + 1) * interval '1 day')
                        AT TIME ZONE i.tz)
ORDER BY t.premises_id, t.holds_at, t.task_id;
