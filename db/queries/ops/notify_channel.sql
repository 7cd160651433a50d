-- An open channel, its district's names and language, and what time it is there.
SELECT c.name, d.lang, d.name AS district_name, d.name_en AS district_name_en, now() AT TIME ZONE d.tz AS local_time
FROM notify_channel c JOIN district d USING (district)
WHERE c.district = %(district)s AND c.channel = %(channel)s AND c.closed_at IS NULL;
