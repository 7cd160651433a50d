-- The visits that were made for task `id`: what was found, item by item in the words of its module, and where.
SELECT v.worker_id, v.id, v.result, v.severity, v.lon, v.lat, v.accuracy_m, v.mock, v.receipt_no,
       v.premises_id, jsonb_array_length(v.photos) AS photos,
       v.started AT TIME ZONE i.tz AS started, v.ended AT TIME ZONE i.tz AS ended,
       (SELECT jsonb_agg(jsonb_build_object(
                   'name', coalesce(k.name, f.value ->> 'item'), 'name_en', k.name_en,
                   'answer_name', coalesce(a.value -> 'text' ->> 'zh', f.value ->> 'answer'),
                   'answer_name_en', a.value -> 'text' ->> 'en',
                   'severity', f.value ->> 'severity', 'note', f.value ->> 'note') ORDER BY f.ordinality)
        FROM jsonb_array_elements(v.items) WITH ORDINALITY AS f
        LEFT JOIN check_item k ON k.item = f.value ->> 'item'
        LEFT JOIN LATERAL (SELECT one.value FROM jsonb_array_elements(k.answers) AS one
                           WHERE one.value ->> 'code' = f.value ->> 'answer' LIMIT 1) a ON true) AS findings
FROM inspection v
CROSS JOIN district_info i
WHERE v.task_id = %(id)s
ORDER BY v.ended, v.worker_id, v.id;
