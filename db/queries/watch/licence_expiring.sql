-- Of premises in business without an open alert, the licence that expires first within so many days, where no other of
-- its kind goes on; and the open alerts about licences of which this is no longer so.
WITH today AS MATERIALIZED (
    SELECT (%(now)s::timestamptz AT TIME ZONE tz)::date AS day FROM district WHERE district = %(district)s
),
expiring AS MATERIALIZED (
    SELECT l.premises_id, l.kind, l.valid_to, p.path, p.lon, p.lat, p.grid_id
    FROM today t
    JOIN licence l ON l.district = %(district)s AND l.closed_at IS NULL
        AND l.valid_to >= t.day AND l.valid_to <= t.day + %(days)s::integer
    JOIN premises p ON p.district = l.district AND p.premises_id = l.premises_id
    WHERE p.closed_at IS NULL AND p.status = 'in_business'
      AND NOT EXISTS (
          SELECT FROM licence o
          WHERE o.district = l.district AND o.premises_id = l.premises_id AND o.kind = l.kind AND o.closed_at IS NULL
            AND coalesce(o.valid_to, 'infinity') > l.valid_to)
),
open AS MATERIALIZED (
    SELECT split_part(subject, ':', 2) AS premises_id, path, params ->> 'licence' AS kind, params ->> 'day' AS day
    FROM alert WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
(SELECT DISTINCT ON (premises_id) e.*, false AS is_open
 FROM expiring e WHERE premises_id NOT IN (SELECT premises_id FROM open)
 ORDER BY premises_id, valid_to, kind)
UNION ALL
SELECT premises_id, NULL, NULL, path, NULL, NULL, NULL, true
FROM open
WHERE (premises_id, kind, day) NOT IN (SELECT premises_id, kind, valid_to::text FROM expiring);
