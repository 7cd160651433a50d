-- The oldest acts that the broker has not got yet and that may still be begun, as they go down, but for those that are
-- on their way to it (`sending`).
SELECT order_id, kind, device_id, act, incident_id, params, (extract(epoch FROM expires_at) * 1000)::bigint AS expires
FROM order_out
WHERE district = %(district)s AND act IS NOT NULL AND state = 'queued' AND expires_at > %(now)s
  AND order_id <> ALL(%(sending)s)
ORDER BY queued_at
LIMIT %(limit)s;
