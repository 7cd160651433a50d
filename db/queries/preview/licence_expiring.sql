-- When licences came to expire within so many days while no other of their kind was to go on, and when that was over.
-- Whether the premises were in business then is not known any more.
-- over: all
WITH own AS MATERIALIZED (SELECT tz FROM district WHERE district = %(district)s),
ending AS (
    SELECT l.premises_id, l.kind, l.valid_to, p.path, p.lon, p.lat, p.grid_id,
           (l.valid_to - %(days)s::integer)::timestamp AT TIME ZONE o.tz AS begins,
           least((l.valid_to + 1)::timestamp, (
               SELECT min(n.valid_from)::timestamp FROM licence n
               WHERE n.district = l.district AND n.premises_id = l.premises_id AND n.kind = l.kind
                 AND coalesce(n.valid_to, 'infinity') > l.valid_to)) AT TIME ZONE o.tz AS ends
    FROM licence l JOIN premises p USING (district, premises_id) CROSS JOIN own o
    WHERE l.district = %(district)s AND l.valid_to IS NOT NULL
)
SELECT begins AS now, 'premises:' || premises_id AS subject, kind || valid_to AS cause, ending.* FROM ending
WHERE begins > %(since)s AND begins <= %(until)s AND ends > begins
UNION ALL
SELECT ends, 'premises:' || premises_id, kind || valid_to, premises_id, kind, NULL, path, lon, lat, grid_id, begins, ends
FROM ending
WHERE begins > %(since)s AND begins <= %(until)s AND ends > begins
ORDER BY now;
