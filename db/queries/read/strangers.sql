-- Who speaks a foreign protocol and is registered nowhere, by text (null: all), those that were put aside last, each time
-- the latest first; `waiting`: messages of it that are kept until then. They are nobody's yet, so that `unit` says nothing
-- about them.
SELECT s.decoder || ':' || s.name AS key, s.decoder, s.name, s.topic, p.kinds, s.messages,
       s.first_at AT TIME ZONE i.tz AS first_time, s.last_at AT TIME ZONE i.tz AS last_time,
       (SELECT count(*) FROM quarantine q
        WHERE (q.district, q.decoder, q.name) = (s.district, s.decoder, s.name)) AS waiting,
       a.at AT TIME ZONE i.tz AS aside_time, a.actor AS aside_by
FROM stranger s
JOIN protocol p USING (decoder)
LEFT JOIN stranger_aside a ON (a.decoder, a.name) = (s.decoder, s.name)
CROSS JOIN district_info i
WHERE %(text)s::text IS NULL
   OR position(lower(%(text)s::text) IN lower(concat_ws(' ', s.decoder, s.name, s.topic))) > 0
ORDER BY a.at IS NOT NULL, s.last_at DESC, s.decoder, s.name
LIMIT %(limit)s;
