-- The visits that a worker ended on a day, named 'worker:day', in their order, and how far each can be believed.
SELECT v.worker_id || ':' || v.id AS visit, v.worker_id, v.id, v.started AT TIME ZONE i.tz AS started,
       v.ended AT TIME ZONE i.tz AS ended, v.premises_id, p.name AS premises_name, v.lon, v.lat,
       coalesce(v.outcome, v.result) AS result, v.task_id, e.truth,
       CASE WHEN e.truth IS NULL THEN 'unweighed' WHEN e.truth < d.doubtful THEN 'doubtful'
            WHEN e.truth < 70 THEN 'unclear' ELSE 'believed' END AS belief,
       ARRAY(SELECT t.value ->> 'test' FROM jsonb_array_elements(e.verdicts) t
             WHERE t.value ->> 'says' = 'contradicts') AS against,
       EXISTS (SELECT FROM visit_appeal a WHERE a.worker_id = v.worker_id AND a.visit_id = v.id) AS appealed
FROM district_info i
CROSS JOIN LATERAL (SELECT split_part(%(id)s, ':', 2)::date::timestamp AT TIME ZONE i.tz AS begins,
                           (split_part(%(id)s, ':', 2)::date + 1)::timestamp AT TIME ZONE i.tz AS ends,
                           doubtful_below() AS doubtful) d
JOIN inspection v ON v.worker_id = split_part(%(id)s, ':', 1)  -- the phone's own clock (ts) finds them by the key
     AND v.ts BETWEEN d.begins - interval '1 day' AND d.ends + interval '1 day'
     AND v.ended >= d.begins AND v.ended < d.ends
LEFT JOIN visit_evidence e ON e.worker_id = v.worker_id AND e.ts = v.ts AND e.id = v.id
LEFT JOIN LATERAL (SELECT name FROM premises WHERE premises_id = v.premises_id LIMIT 1) p ON true
ORDER BY v.started, v.id;
