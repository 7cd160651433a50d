-- The oldest acts that the broker has not got yet and that may still be begun, as they go down, but for those that are
-- on their way to it (`sending`); for a device of a foreign protocol that takes the act, with its decoder and where it
-- listens.
SELECT o.order_id, o.kind, o.device_id, o.act, o.incident_id, o.params,
       (extract(epoch FROM o.expires_at) * 1000)::bigint AS expires, f.decoder, f.reply_to
FROM order_out o
LEFT JOIN LATERAL (
    SELECT n.decoder, n.reply_to FROM foreign_name n JOIN protocol p USING (decoder)
    WHERE n.district = o.district AND n.kind = o.kind AND n.device_id = o.device_id AND n.closed_at IS NULL
      AND n.reply_to IS NOT NULL AND p.closed_at IS NULL AND o.act = ANY(p.acts)
    ORDER BY n.decoder, n.name LIMIT 1) f ON true
WHERE o.district = %(district)s AND o.act IS NOT NULL AND o.state = 'queued' AND o.expires_at > %(now)s
  AND o.order_id <> ALL(%(sending)s)
ORDER BY o.queued_at
LIMIT %(limit)s;
