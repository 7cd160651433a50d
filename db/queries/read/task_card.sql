-- What task `id` is, who has it and by when, how it stands, and what the department concerned owes.
SELECT t.district, t.task_id, t.premises_id, t.category, t.items, t.grid_id, t.path, t.source, t.launched_at, t.due_at,
       t.state, t.worker_id, t.rework, t.suspended_reason, i.tz, p.name AS premises_name, p.address, p.lon, p.lat,
       c.name AS category_name, c.name_en AS category_name_en,
       (SELECT jsonb_agg(jsonb_build_object('name', coalesce(k.name, a.item), 'name_en', k.name_en) ORDER BY a.place)
        FROM unnest(t.items) WITH ORDINALITY AS a (item, place) LEFT JOIN check_item k USING (item)) AS checks,
       w.name AS worker_name, w.name_en AS worker_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en, g.geom,
       t.launched_at AT TIME ZONE i.tz AS launched, t.due_at AT TIME ZONE i.tz AS due, t.due_provisional,
       t.push_due_at AT TIME ZONE i.tz AS push_due, t.assigned_at AT TIME ZONE i.tz AS assigned,
       t.recheck_due_at AT TIME ZONE i.tz AS recheck_due, t.recheck_provisional,
       t.done_at AT TIME ZONE i.tz AS done, t.closed_at AT TIME ZONE i.tz AS closed,
       lamp(t.launched_at, disposal_due(t.due_at, t.inspected_at, t.recheck_due_at), now(),
            coalesce(t.done_at, t.cancelled_at, t.suspended_at)) AS lamp,
       o.department_id, d.name AS department_name, d.name_en AS department_name_en, o.reply,
       o.due_at AT TIME ZONE i.tz AS department_due, o.due_provisional AS department_provisional,
       o.replied_at AT TIME ZONE i.tz AS replied,
       lamp(o.pushed_at, o.due_at, now(), o.replied_at) AS department_lamp
FROM task t
CROSS JOIN district_info i
LEFT JOIN obligation o USING (task_id)
LEFT JOIN LATERAL (SELECT name, address, lon, lat FROM premises WHERE premises_id = t.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM task_category WHERE category = t.category LIMIT 1) c ON true
LEFT JOIN LATERAL (
    SELECT name, name_en FROM worker WHERE worker_id = coalesce(t.done_by, t.worker_id) LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name, name_en, geom FROM grid WHERE grid_id = t.grid_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = o.department_id LIMIT 1) d ON true
WHERE t.task_id = %(id)s;
