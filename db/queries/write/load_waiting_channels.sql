-- The open channels of these districts that something waits for: how they fared, how many seconds ago they were last
-- tried, and the worst of what waits.
SELECT c.district, c.channel, c.failures, extract(epoch FROM now() - c.tried_at)::float8 AS rested_s,
       max(n.severity) AS worst
FROM notification n
JOIN notify_channel c USING (district, channel)
WHERE n.district = ANY (%(districts)s::integer[]) AND n.state IN ('queued', 'sending')
  AND (n.state = 'queued' OR n.leased_until < now()) AND c.closed_at IS NULL
GROUP BY c.district, c.channel;
