-- The newest `limit` messages of departments that were not taken, and why.
SELECT m.received_at AT TIME ZONE i.tz AS received, split_part(m.topic, '/', 5) AS department_id,
       split_part(m.reason, ':', 1) AS reason, d.name AS department_name, d.name_en AS department_name_en
FROM rejected_message m
CROSS JOIN district_info i
LEFT JOIN LATERAL (
    SELECT name, name_en FROM department WHERE department_id = split_part(m.topic, '/', 5) LIMIT 1) d ON true
WHERE m.topic LIKE 'gw/v1/%%/department/%%' AND m.received_at > now() - interval '7 days'
ORDER BY m.received_at DESC
LIMIT %(limit)s;
