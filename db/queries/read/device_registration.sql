-- Under which names of foreign protocols the device or phone `id` ('worker:W1') is registered, and what it can be told
-- by them.
SELECT n.decoder, n.name, n.datum, coalesce(n.tz, i.tz) AS tz, n.has_key, n.reply_to, p.acts
FROM foreign_name n
JOIN protocol p USING (decoder)
CROSS JOIN district_info i
WHERE n.kind = split_part(%(id)s, ':', 1) AND n.device_id = split_part(%(id)s, ':', 2)
ORDER BY n.decoder, n.name;
