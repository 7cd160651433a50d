-- Those of the visits `rows` that there are, each with the incident that doubting it has become, if it has.
SELECT a.worker_id, a.visit_id,
       (SELECT l.incident_id FROM alert l
        WHERE l.district = %(district)s AND l.subject = 'visit:' || a.worker_id || ':' || a.visit_id
          AND l.rule = 'visit_doubtful'
        ORDER BY l.raised_at DESC LIMIT 1) AS incident_id
FROM json_to_recordset(%(rows)s::json) AS a(worker_id text, visit_id text)
WHERE EXISTS (SELECT FROM visit_evidence e
              WHERE e.district = %(district)s AND e.worker_id = a.worker_id AND e.id = a.visit_id);
