-- When people worked on a local day (`day`), in its own time: from when the first of them went on duty until the last went
-- off, or the day is over, if nobody had come back by then. Both null on a day on which nobody went on duty.
WITH day AS MATERIALIZED (
    SELECT tz, %(day)s::date::timestamp AT TIME ZONE tz AS begins, (%(day)s::date + 1)::timestamp AT TIME ZONE tz AS ends
    FROM district_info
),
told AS (
    SELECT min(c.at) FILTER (WHERE c.on_duty) AS began, max(c.at) FILTER (WHERE NOT c.on_duty) AS ended
    FROM duty c
    WHERE c.ts >= (SELECT begins FROM day) - interval '1 hour' AND c.ts < (SELECT ends FROM day) + interval '1 hour'
      AND c.at >= (SELECT begins FROM day) AND c.at < (SELECT ends FROM day)
)
SELECT t.began AT TIME ZONE d.tz AS began,
       CASE WHEN t.began IS NOT NULL THEN CASE WHEN t.ended > t.began THEN t.ended ELSE d.ends END AT TIME ZONE d.tz END
           AS ended
FROM day d CROSS JOIN told t;
