-- Where the phone said it was around each visit for task `id`: from a quarter of an hour before its beginning until as
-- long after its end, `limit` positions of each at most. The phone's own clock (ts) finds them by the key.
SELECT v.worker_id, v.id, p.lon, p.lat
FROM inspection v
CROSS JOIN LATERAL (
    SELECT lon, lat, at FROM ping
    WHERE worker_id = v.worker_id
      AND ts BETWEEN v.started - (v.at - v.ts) - interval '20 minutes' AND v.ended - (v.at - v.ts) + interval '20 minutes'
      AND at BETWEEN v.started - interval '15 minutes' AND v.ended + interval '15 minutes'
    ORDER BY at
    LIMIT %(limit)s) p
WHERE v.task_id = %(id)s
ORDER BY v.ended, v.worker_id, v.id, p.at;
