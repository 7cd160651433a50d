-- How many open incidents at or below `unit` (null: all) stand at each state, of these how many are late or have been
-- escalated, and how many ended today (code: ended).
SELECT CASE WHEN i.ended_at IS NULL THEN i.state ELSE 'ended' END AS code, count(*) AS n,
       count(*) FILTER (WHERE i.due_at < now()) AS overdue,
       count(*) FILTER (WHERE i.escalated_at IS NOT NULL) AS escalated,
       count(*) FILTER (WHERE i.severity = 'major') AS major,
       count(*) FILTER (WHERE i.state = 'false_alarm') AS false_alarms
FROM incident i CROSS JOIN district_info d
WHERE (%(unit)s::text IS NULL OR starts_with(i.path || '/', %(unit)s::text || '/'))
  AND (i.ended_at IS NULL
       OR i.ended_at >= date_trunc('day', now(), d.tz) AND i.state <> 'merged')
GROUP BY 1
ORDER BY 1;
