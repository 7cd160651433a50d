-- Cameras of which an alert of this rule is open, and that have not seen the like for so long, surely enough; and when
-- they last did.
SELECT a.rule AS event, c.device_id, coalesce(last.at, a.raised_at) AS at, true AS is_open
FROM alert a
CROSS JOIN LATERAL (SELECT split_part(a.subject, ':', 2) AS device_id) c
LEFT JOIN LATERAL (
    SELECT max(e.at) AS at FROM device_event e
    WHERE e.district = a.district AND e.device_id = c.device_id AND e.event = a.rule
      AND e.ts > a.raised_at - interval '1 hour' AND e.at >= a.raised_at
      AND coalesce(e.confidence, 1)::numeric * 100 >= %(sure)s
) last ON true
WHERE a.district = %(district)s AND a.rule = %(rule)s AND a.cleared_at IS NULL
  AND a.raised_at <= %(now)s - %(quiet)s * interval '1 minute'
  AND coalesce(last.at, a.raised_at) <= %(now)s - %(quiet)s * interval '1 minute';
