-- The open channels, those that fail first: how each fares, and its notifications of 24
-- hours at or below `unit` (null: all).
SELECT c.channel, c.name, c.failures, c.error,
       count(*) FILTER (WHERE n.state = 'sent') AS sent,
       count(*) FILTER (WHERE n.state IN ('queued', 'sending')) AS waiting,
       count(*) FILTER (WHERE n.state = 'failed') AS failed
FROM notify_channel c
LEFT JOIN notification n ON n.channel = c.channel AND n.queued_at > now() - interval '24 hours'
    AND (%(unit)s::text IS NULL OR starts_with(n.path || '/', %(unit)s::text || '/'))
WHERE c.closed_at IS NULL
GROUP BY c.channel, c.name, c.failures, c.error
ORDER BY c.failures DESC, c.channel
LIMIT 8;
