-- The district itself.
INSERT INTO district (district, name, name_en, tz, lang)
SELECT %(district)s, r.name, r.name_en, r.tz, r.lang
FROM json_to_recordset(%(rows)s::json) AS r(name text, name_en text, tz text, lang text)
ON CONFLICT (district) DO UPDATE SET
    name = EXCLUDED.name, name_en = EXCLUDED.name_en, tz = EXCLUDED.tz, lang = EXCLUDED.lang;
