-- Each visit that has been weighed, as it was weighed last.
-- over: all
SELECT weighed_at AS now, 'visit:' || worker_id || ':' || id AS subject, worker_id, id, premises_id, ended, lon, lat, truth,
       grid_id, ARRAY[]::text[] AS tests
FROM visit_evidence
WHERE district = %(district)s AND weighed_at > %(since)s AND weighed_at <= %(until)s AND truth IS NOT NULL
ORDER BY weighed_at, worker_id, id;
