-- When cameras began to see the like, surely enough, and when they had not for so long.
-- over: camera
WITH told AS (
    SELECT e.device_id, e.at, e.confidence,
           lag(e.at) OVER by_time AS before, lead(e.at) OVER by_time AS after
    FROM device_event e
    WHERE e.district = %(district)s AND e.kind = 'camera' AND e.event = %(rule)s
      AND e.device_id = ANY (ARRAY(
          SELECT device_id FROM device WHERE district = %(district)s AND kind = 'camera'
            AND mod(hashtext(device_id) & 65535, %(parts)s) = %(part)s))
      AND e.ts > %(since)s::timestamptz - interval '1 day' AND e.at > %(since)s AND e.at <= %(until)s
      AND coalesce(e.confidence, 1)::numeric * 100 >= %(sure)s
    WINDOW by_time AS (PARTITION BY e.device_id ORDER BY e.at)
)
SELECT at AS now, 'device:' || device_id AS subject, %(rule)s AS event, device_id, at, confidence
FROM told WHERE before IS NULL OR at - before >= %(quiet)s * interval '1 minute'
UNION ALL
SELECT at + %(quiet)s * interval '1 minute', 'device:' || device_id, %(rule)s, device_id, at, confidence
FROM told WHERE after IS NULL OR after - at >= %(quiet)s * interval '1 minute'
ORDER BY now, at;
