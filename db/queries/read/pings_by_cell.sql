-- Where people were from `since` until before `until`, a minute or so: of each worker one position, counted by squares
-- of `step` degrees. The phone's own clock (ts) helps to find them.
WITH seen AS (
    SELECT DISTINCT ON (worker_id) lon, lat
    FROM ping
    WHERE at >= %(since)s::timestamptz AND at < %(until)s::timestamptz
      AND ts > %(since)s::timestamptz - interval '2 minutes' AND ts < %(until)s::timestamptz + interval '2 minutes'
    ORDER BY worker_id, at
)
SELECT floor(lon / %(step)s::float)::integer AS x, floor(lat / %(step)s::float)::integer AS y, count(*) AS n
FROM seen
GROUP BY 1, 2
ORDER BY 1, 2;
