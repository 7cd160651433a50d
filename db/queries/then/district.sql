-- The district of the scope: its names, its time zone, what time an instant is there, of which day (from its beginning until
-- the next one's), what time it is now; since when positions are kept (null: for ever), and whether those of then are.
SELECT i.district, i.name, i.name_en, i.tz, %(at)s::timestamptz AT TIME ZONE i.tz AS local_time,
       now() AT TIME ZONE i.tz AS local_now,
       date_trunc('day', %(at)s::timestamptz AT TIME ZONE i.tz) AS day_begins,
       CASE WHEN isfinite(k.since) THEN k.since AT TIME ZONE i.tz END AS kept_since,
       %(at)s::timestamptz >= k.since AS kept
FROM district_info i
CROSS JOIN (SELECT public.kept_since('ping', now()) AS since) k;
