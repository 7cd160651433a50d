-- What the log knows of the visit `id` ('W1:m7'), each time with the visit as it is kept now: null where it is not, which is
-- as it should be where its time of keeping is over (`is_past`).
SELECT a.district, a.number, a.at AS noted_at, a.actor, a.act, a.subject, a.params,
       encode(a.prev, 'hex') AS prev, encode(a.hash, 'hex') AS hash,
       i.worker_id, i.id, i.ts, i.at, i.premises_id, i.started, i.ended, i.raw_lon, i.raw_lat, i.result, i.items, i.task_id,
       i.photos, i.receipt_no, i.mock, i.archive, a.at < public.kept_since('inspection', now()) AS is_past
FROM audit a
LEFT JOIN inspection i ON i.worker_id = split_part(%(id)s, ':', 1) AND i.id = split_part(%(id)s, ':', 2)
    AND i.ts = timestamptz '1970-01-01 00:00:00+00' + (a.params ->> 'ts')::bigint * interval '1 millisecond'
WHERE a.act = 'inspection' AND a.subject = 'visit:' || %(id)s
ORDER BY a.number
LIMIT 100;
