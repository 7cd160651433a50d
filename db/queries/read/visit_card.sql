-- One visit, named 'worker:message': what its log claims, what each test of its evidence said, and the incident that it
-- has become, if it has.
SELECT v.worker_id, v.id, w.name AS worker_name, w.name_en AS worker_name_en, e.truth, e.verdicts, e.times,
       CASE WHEN e.truth IS NULL THEN 'unweighed' WHEN e.truth < doubtful_below() THEN 'doubtful'
            WHEN e.truth < 70 THEN 'unclear' ELSE 'believed' END AS belief,
       e.weighed_at AT TIME ZONE i.tz AS weighed, e.due_at AT TIME ZONE i.tz AS due,
       coalesce(v.outcome, v.result) AS result, v.outcome, v.severity, v.task_id, v.premises_id, p.name AS premises_name,
       p.lon AS premises_lon, p.lat AS premises_lat, v.lon, v.lat, v.accuracy_m, v.mock, v.receipt_no,
       g.name AS grid_name, g.name_en AS grid_name_en, g.geom,
       v.started AT TIME ZONE i.tz AS started, v.ended AT TIME ZONE i.tz AS ended,
       photo_refs(v.worker_id, v.photos, i.tz) AS photos, worded(v.items) AS findings,
       a.incident_id, n.state AS incident_state,
       ARRAY(SELECT p.text FROM visit_appeal p
             WHERE p.worker_id = v.worker_id AND p.visit_id = v.id ORDER BY p.at, p.id) AS appeals
FROM visit_evidence e
JOIN inspection v ON v.worker_id = e.worker_id AND v.ts = e.ts AND v.id = e.id
CROSS JOIN district_info i
LEFT JOIN LATERAL (SELECT name, name_en FROM worker WHERE worker_id = e.worker_id LIMIT 1) w ON true
LEFT JOIN LATERAL (SELECT name, lon, lat FROM premises WHERE premises_id = e.premises_id LIMIT 1) p ON true
LEFT JOIN LATERAL (SELECT name, name_en, geom FROM grid WHERE grid_id = e.grid_id LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT incident_id FROM alert
                   WHERE subject = 'visit:' || e.worker_id || ':' || e.id AND rule = 'visit_doubtful'
                   ORDER BY raised_at DESC LIMIT 1) a ON true
LEFT JOIN LATERAL (SELECT state FROM incident WHERE incident_id = a.incident_id LIMIT 1) n ON true
WHERE e.worker_id = split_part(%(id)s, ':', 1) AND e.id = split_part(%(id)s, ':', 2);
