-- The district of the scope: its names, its time zone, and what time it is there.
SELECT district, name, name_en, tz, now() AT TIME ZONE tz AS local_time FROM district_info;
