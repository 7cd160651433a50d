-- Those of these devices (``kind:id``) that speak a foreign protocol, what they take, and whether it is known where they
-- listen. A worker's phone takes all that a phone takes: where its protocol has no word for it, on our own wire.
SELECT n.kind || ':' || n.device_id AS device, n.decoder, p.acts, n.reply_to IS NOT NULL AS is_heard
FROM foreign_name n JOIN protocol p USING (decoder)
WHERE n.district = %(district)s AND n.closed_at IS NULL AND n.kind <> 'worker'
  AND n.kind || ':' || n.device_id = ANY(%(devices)s);
