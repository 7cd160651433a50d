-- The open channels of these districts ({} = all): how each fares, and how far its notifications
-- of 24 hours are.
SELECT c.district, c.channel, c.name, c.failures, c.error, c.tried_at,
       count(*) FILTER (WHERE n.state = 'sent') AS sent,
       count(*) FILTER (WHERE n.state IN ('queued', 'sending')) AS waiting,
       count(*) FILTER (WHERE n.state = 'failed') AS failed
FROM notify_channel c
LEFT JOIN notification n ON n.district = c.district AND n.channel = c.channel
    AND n.queued_at > now() - interval '24 hours'
WHERE c.closed_at IS NULL AND (%(districts)s::integer[] = '{}' OR c.district = ANY (%(districts)s::integer[]))
GROUP BY c.district, c.channel
ORDER BY c.district, c.channel;
