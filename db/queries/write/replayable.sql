-- The oldest messages in quarantine whose device is registered by now in one of these districts.
SELECT q.district, q.decoder, q.name, q.id, q.received_at, q.topic, q.payload, q.retain
FROM foreign_name n JOIN quarantine q USING (decoder, name)
WHERE n.closed_at IS NULL AND n.district = ANY(%(districts)s) AND q.district IN (0, n.district)
ORDER BY q.received_at
LIMIT %(limit)s;
