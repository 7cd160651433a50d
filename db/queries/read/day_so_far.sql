-- The instants of the district's day so far: midnight, each full hour since, and now.
SELECT hours.at, hours.at AT TIME ZONE i.tz AS local_time
FROM district_info i
CROSS JOIN LATERAL (
    SELECT generate_series(date_trunc('day', now(), i.tz), now(), interval '1 hour') AS at
    UNION SELECT now()
) hours
ORDER BY hours.at;
