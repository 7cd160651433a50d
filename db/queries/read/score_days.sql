-- Each day of worker `id` from `since` until `until`: its points, where there are any, how many visits they ended, and how
-- many of these are doubted.
WITH made AS (
    SELECT (v.ended AT TIME ZONE i.tz)::date AS day, count(*) AS visits,
           count(*) FILTER (WHERE e.truth < doubtful.below) AS doubted
    FROM district_info i
    CROSS JOIN (SELECT doubtful_below() AS below) doubtful
    JOIN inspection v ON v.worker_id = %(id)s  -- the phone's own clock (ts) finds them by the key
         AND v.ts >= (%(since)s::date - 1)::timestamp AT TIME ZONE i.tz
         AND v.ts < (%(until)s::date + 2)::timestamp AT TIME ZONE i.tz
    LEFT JOIN visit_evidence e ON e.worker_id = v.worker_id AND e.ts = v.ts AND e.id = v.id
    GROUP BY 1
)
SELECT n::date AS day, s.points, s.low, s.high, coalesce(m.visits, 0) AS visits, coalesce(m.doubted, 0) AS doubted
FROM worker w
CROSS JOIN generate_series(%(since)s::timestamp, %(until)s::timestamp, interval '1 day') n
LEFT JOIN score s ON s.span = 'day' AND s.begins = n::date AND s.level = 'worker' AND s.subject = w.worker_id
LEFT JOIN made m ON m.day = n::date
WHERE w.worker_id = %(id)s
ORDER BY n;
