-- The station that a month report is about, where it stands, and until when its figures go: the end of the month, or now.
SELECT u.path, u.name, u.name_en, d.name AS district_name, d.name_en AS district_name_en, i.tz,
       now() AT TIME ZONE i.tz AS local_time,
       now() < (%(month)s::date + interval '1 month') AT TIME ZONE i.tz AS running,
       s.counted_at AT TIME ZONE i.tz AS counted
FROM org_unit u
CROSS JOIN district_info i
LEFT JOIN org_unit d ON d.depth = 1
LEFT JOIN score s ON s.span = 'month' AND s.begins = %(month)s::date AND s.level <> 'worker' AND s.subject = u.path
WHERE u.path = %(unit)s AND sees(u.path);
