-- Messages that were rejected before anybody knew whose they are, of the latest 5,000, by topic and reason (its code), the
-- latest first, with the beginning of the latest.
SELECT r.topic, split_part(r.reason, ':', 1) AS reason, count(*) AS messages, max(r.received_at) AT TIME ZONE max(i.tz) AS last_time,
       (array_agg(substr(r.payload, 1, 200) ORDER BY r.received_at DESC))[1] AS payload
FROM (SELECT * FROM rejected_foreign ORDER BY received_at DESC LIMIT 5000) r
CROSS JOIN district_info i
GROUP BY r.topic, split_part(r.reason, ':', 1)
ORDER BY max(r.received_at) DESC
LIMIT 50;
