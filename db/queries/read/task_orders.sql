-- The orders that went down about task `id`, to whom, and how far each has come.
SELECT o.order_id, o.kind, o.device_id, o.state, o.tries, o.reply,
       o.queued_at AT TIME ZONE i.tz AS queued, o.sent_at AT TIME ZONE i.tz AS sent,
       o.replied_at AT TIME ZONE i.tz AS replied,
       coalesce(w.name, d.name) AS device_name, coalesce(w.name_en, d.name_en) AS device_name_en
FROM order_out o
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = o.device_id LIMIT 1) w ON o.kind <> 'department'
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = o.device_id LIMIT 1) d
    ON o.kind = 'department'
WHERE o.task_id = %(id)s
ORDER BY o.queued_at, o.order_id;
