-- The instants of the district's day so far: midnight, each full hour since, and now; at an instant `at` of the past
-- (null: now) without that, so that what is asked of them is the same for an hour.
SELECT hours.at, hours.at AT TIME ZONE i.tz AS local_time
FROM district_info i
CROSS JOIN LATERAL (
    SELECT generate_series(date_trunc('day', n.at, i.tz), n.at, interval '1 hour') AS at
    FROM (SELECT coalesce(%(at)s::timestamptz, now()) AS at) n
    UNION SELECT now() WHERE %(at)s::timestamptz IS NULL
) hours
ORDER BY hours.at;
