-- What is to be counted: periods counted last before they were over for some hours, and days until `today` that have
-- changed since, each with its marks. `today` itself is one, whether marked or not.
SELECT span, begins, NULL::date AS day, NULL::uuid[] AS marks
FROM score_period
WHERE district = %(district)s AND counted_at < %(now)s
  AND counted_at < ((begins + CASE span WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '1 week'
                                        WHEN 'month' THEN interval '1 month' ELSE interval '3 months' END)
                    AT TIME ZONE %(tz)s) + interval '3 hours'
UNION ALL
SELECT NULL, NULL, day, array_agg(mark)
FROM score_stale WHERE district = %(district)s AND day <= %(today)s
GROUP BY day
ORDER BY 3 DESC NULLS FIRST, 2;
