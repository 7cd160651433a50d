-- Messages of types that no decoder has words for, by type, the latest first.
SELECT o.decoder, o.type, sum(o.messages)::bigint AS messages, count(*) AS devices,
       max(o.last_at) AT TIME ZONE max(i.tz) AS last_time
FROM other_message o CROSS JOIN district_info i
GROUP BY o.decoder, o.type
ORDER BY max(o.last_at) DESC
LIMIT 50;
