-- Who speaks a foreign protocol and is registered nowhere, by text (null: all), the latest first; `waiting`: messages of
-- it that are kept until then. They are nobody's yet, so that `unit` says nothing about them.
SELECT s.decoder || ':' || s.name AS key, s.decoder, s.name, s.topic, p.kinds, s.messages,
       s.first_at AT TIME ZONE i.tz AS first_time, s.last_at AT TIME ZONE i.tz AS last_time,
       (SELECT count(*) FROM quarantine q
        WHERE (q.district, q.decoder, q.name) = (s.district, s.decoder, s.name)) AS waiting
FROM stranger s
JOIN protocol p USING (decoder)
CROSS JOIN district_info i
WHERE %(text)s::text IS NULL
   OR position(lower(%(text)s::text) IN lower(concat_ws(' ', s.decoder, s.name, s.topic))) > 0
ORDER BY s.last_at DESC, s.decoder, s.name
LIMIT %(limit)s;
