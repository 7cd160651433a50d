-- Where a worker's phone said it was on a day, named 'worker:day': `limit` positions at most, evenly chosen if there
-- were more. The phone's own clock (ts) finds them by the key.
WITH said AS (
    SELECT p.lon, p.lat, p.at AT TIME ZONE i.tz AS at, row_number() OVER (ORDER BY p.at, p.ts) - 1 AS place,
           count(*) OVER () AS whole
    FROM district_info i
    CROSS JOIN LATERAL (SELECT split_part(%(id)s, ':', 2)::date::timestamp AT TIME ZONE i.tz AS begins,
                               (split_part(%(id)s, ':', 2)::date + 1)::timestamp AT TIME ZONE i.tz AS ends) d
    JOIN ping p ON p.worker_id = split_part(%(id)s, ':', 1)
         AND p.ts BETWEEN d.begins - interval '1 day' AND d.ends + interval '1 day'
         AND p.at >= d.begins AND p.at < d.ends
)
SELECT lon, lat, at, whole
FROM said
WHERE whole <= %(limit)s::integer OR place = 0
   OR place * %(limit)s::integer / whole > (place - 1) * %(limit)s::integer / whole
ORDER BY place;
