-- At how many premises of each grid hazards had been found within so many days, where that was something new to say.
-- over: all
WITH found AS (
    SELECT grid_id, premises_id, at,
           lag(at) OVER by_time AS before, lead(at) OVER by_time AS after
    FROM inspection
    WHERE district = %(district)s AND coalesce(outcome, result) = 'abnormal' AND grid_id IS NOT NULL
      AND ts > %(since)s::timestamptz - (%(days)s + 1) * interval '1 day'
      AND at > %(since)s::timestamptz - %(days)s * interval '1 day' AND at <= %(until)s
    WINDOW by_time AS (PARTITION BY grid_id, premises_id ORDER BY at)
),
-- A premises counts from a hazard on, for so many days after the last of them.
changes AS (
    SELECT grid_id, at, 1 AS change FROM found
    WHERE before IS NULL OR at - before > %(days)s * interval '1 day'
    UNION ALL
    SELECT grid_id, at + %(days)s * interval '1 day', -1 FROM found
    WHERE after IS NULL OR after - at > %(days)s * interval '1 day'
),
moments AS (SELECT grid_id, at, sum(change) AS change FROM changes GROUP BY grid_id, at),
counted AS (
    SELECT *, sum(change) OVER (PARTITION BY grid_id ORDER BY at) AS premises FROM moments
)
SELECT at AS now, 'grid:' || grid_id AS subject, grid_id, premises::integer AS premises, at
FROM counted
WHERE at <= %(until)s
  AND (premises >= %(count)s AND premises - change < %(count)s
       OR premises <= %(count)s * %(calm)s / 100 AND premises - change > %(count)s * %(calm)s / 100)
ORDER BY now;
