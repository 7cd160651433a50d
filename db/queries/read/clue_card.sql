-- What clue `id` says, of whom and what, who has it and until when, how far the order to them is, and which photos came
-- with it; received: whether its bytes have come.
SELECT c.clue_id, c.state, c.severity, c.kind, c.industry, c.text, c.lon, c.lat, c.level, c.routed_by, c.outcome,
       c.department_id, d.name AS department_name, d.name_en AS department_name_en,
       c.premises_id, p.name AS premises_name, CASE WHEN c.device_id IS NULL THEN 'worker' ELSE 'terminal' END AS source,
       coalesce(w.name, t.name, c.worker_id, c.device_id) AS reporter_name, w.name_en AS reporter_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en, c.reported_at AT TIME ZONE i.tz AS reported,
       c.due_at AT TIME ZONE i.tz AS due, c.due_provisional, c.answer_due_at AT TIME ZONE i.tz AS answer_due,
       CASE WHEN c.answer_due_at IS NOT NULL THEN lamp(c.called_at, c.answer_due_at, now(), NULL)
            ELSE lamp(c.routed_at, c.due_at, now(), coalesce(c.disposed_at, c.voided_at)) END AS lamp,
       o.state AS told, photo_refs(c.worker_id, r.photos, i.tz) AS photos
FROM clue_case c
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT photos FROM clue
                   WHERE worker_id = c.worker_id AND ts = c.ts AND id = c.id LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT state FROM order_out WHERE clue_id = c.clue_id AND device_id = c.department_id
                   ORDER BY queued_at DESC LIMIT 1) o ON true
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = c.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = c.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name FROM device WHERE device_id = c.device_id LIMIT 1) t ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = c.grid_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = c.department_id LIMIT 1) d ON true
WHERE c.clue_id = %(id)s;
