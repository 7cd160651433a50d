-- Where the phone said it was around the visit named 'worker:message': from ten minutes before it until as long after,
-- `limit` positions at most; `within`: during the visit. The phone's own clock (ts) finds them by the key.
SELECT v.worker_id, v.id, p.lon, p.lat, p.at AT TIME ZONE i.tz AS at, p.accuracy_m,
       p.at BETWEEN v.started AND v.ended AS within
FROM visit_evidence e
JOIN inspection v ON v.worker_id = e.worker_id AND v.ts = e.ts AND v.id = e.id
CROSS JOIN district_info i
CROSS JOIN LATERAL (
    SELECT lon, lat, at, accuracy_m FROM ping
    WHERE worker_id = v.worker_id
      AND ts BETWEEN v.started - (v.at - v.ts) - interval '10 minutes' AND v.ended - (v.at - v.ts) + interval '10 minutes'
      AND abs(coalesce(clock_off_s, 0) - coalesce(v.clock_off_s, 0)) < 60
    ORDER BY at
    LIMIT %(limit)s) p
WHERE e.worker_id = split_part(%(id)s, ':', 1) AND e.id = split_part(%(id)s, ':', 2)
ORDER BY p.at;
