-- The district itself.
INSERT INTO district (district, name, name_en, tz, lang, phone, meeting_url)
SELECT %(district)s, r.name, r.name_en, r.tz, r.lang, r.phone, r.meeting_url
FROM json_to_recordset(%(rows)s::json) AS r(
    name text, name_en text, tz text, lang text, phone text, meeting_url text)
ON CONFLICT (district) DO UPDATE SET
    name = EXCLUDED.name, name_en = EXCLUDED.name_en, tz = EXCLUDED.tz, lang = EXCLUDED.lang,
    phone = EXCLUDED.phone, meeting_url = EXCLUDED.meeting_url;
