-- What devices, people and departments were told to do, for `incident_id`, or to the device of `kind` and `device_id`
-- (null: whichever); the newest first, each with its stages and their times, and to whom it went.
SELECT o.order_id, o.incident_id, o.kind, o.device_id, o.act, o.state, o.tries, o.params ->> 'text' AS text,
       o.params ->> 'place' AS place, coalesce(o.params ->> 'name', o.params ->> 'premises_id') AS premises,
       o.params ->> 'url' AS url, o.queued_at AT TIME ZONE i.tz AS queued,
       coalesce(w.name, v.name, d.name) AS device_name, coalesce(w.name_en, d.name_en) AS device_name_en,
       coalesce(s.stages, '[]') AS stages
FROM order_out o
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = o.device_id LIMIT 1) w ON o.kind = 'worker'
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = o.device_id LIMIT 1) d
    ON o.kind = 'department'
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = o.device_id AND device.kind = o.kind LIMIT 1) v
    ON o.kind NOT IN ('worker', 'department')
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('stage', e.stage, 'at', e.at AT TIME ZONE i.tz, 'text', e.text)
                     ORDER BY e.at, array_position(ARRAY['queued', 'sent', 'delivered', 'read', 'accepted', 'refused',
                              'on_the_way', 'arrived', 'done', 'failed', 'expired', 'withdrawn'], e.stage)) AS stages
    FROM order_event e WHERE e.order_id = o.order_id) s ON true
WHERE o.act IS NOT NULL AND o.act <> 'stand_down'
  AND (%(incident_id)s::text IS NULL OR o.incident_id = %(incident_id)s::text)
  AND (%(device_id)s::text IS NULL OR (o.kind, o.device_id) = (%(kind)s::text, %(device_id)s::text))
ORDER BY o.queued_at DESC, o.order_id
LIMIT %(limit)s;
