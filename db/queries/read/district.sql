-- The district of the scope: its names, its time zone, what time it is there; and the names of the scope's unit below it.
SELECT i.district, i.name, i.name_en, i.tz, now() AT TIME ZONE i.tz AS local_time,
       u.name AS unit_name, u.name_en AS unit_name_en
FROM district_info i
LEFT JOIN org_unit u ON u.path = current_setting('gridward.path') AND u.depth > 1;
