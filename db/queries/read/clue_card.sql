-- What clue `id` says, of whom and what, who has it and until when, and how many photos came with it.
SELECT c.clue_id, c.state, c.severity, c.kind, c.industry, c.text, c.lon, c.lat, c.level, c.routed_by, c.outcome,
       c.department_id, d.name AS department_name, d.name_en AS department_name_en,
       c.premises_id, p.name AS premises_name, c.worker_id, w.name AS worker_name, w.name_en AS worker_name_en,
       g.name AS grid_name, g.name_en AS grid_name_en, c.reported_at AT TIME ZONE i.tz AS reported,
       c.due_at AT TIME ZONE i.tz AS due, c.due_provisional, c.answer_due_at AT TIME ZONE i.tz AS answer_due,
       CASE WHEN c.answer_due_at IS NOT NULL THEN lamp(c.called_at, c.answer_due_at, now(), NULL)
            ELSE lamp(c.routed_at, c.due_at, now(), coalesce(c.disposed_at, c.voided_at)) END AS lamp,
       (SELECT jsonb_array_length(f.photos) FROM clue f
        WHERE f.worker_id = c.worker_id AND f.ts = c.ts AND f.id = c.id LIMIT 1) AS photos
FROM clue_case c
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = c.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = c.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM grid WHERE grid_id = c.grid_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT name, name_en FROM department WHERE department_id = c.department_id LIMIT 1) d ON true
WHERE c.clue_id = %(id)s;
