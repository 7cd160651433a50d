-- The latest messages in quarantine of the stranger `id` ('owntracks:owntracks/anna/phone').
SELECT q.received_at AT TIME ZONE i.tz AS at, q.topic, substr(q.payload, 1, 4096) AS payload, length(q.payload) AS bytes
FROM quarantine q CROSS JOIN district_info i
WHERE q.decoder = split_part(%(id)s, ':', 1) AND q.name = substr(%(id)s, strpos(%(id)s, ':') + 1)
ORDER BY q.received_at DESC
LIMIT 5;
