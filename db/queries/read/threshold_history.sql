-- Which values parameter `id` was given, by whom, and from when on, the newest first.
SELECT t.value, t.unit, t.actor, t.district = 0 AS everybodys, t.valid_from AT TIME ZONE i.tz AS since,
       t.set_at AT TIME ZONE i.tz AS set
FROM threshold t CROSS JOIN district_info i
WHERE t.name = %(id)s
ORDER BY t.valid_from DESC, t.district
LIMIT 50;
