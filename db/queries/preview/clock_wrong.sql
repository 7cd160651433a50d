-- When phones' clocks were found to be off by so much, and when they were nearly right again.
-- over: worker
WITH told AS (
    SELECT worker_id, at, abs(coalesce(clock_off_s, 0)) AS off_s, lon, lat, grid_id FROM ping
    WHERE district = %(district)s AND ts > %(since)s::timestamptz - interval '1 day'
      AND at > %(since)s AND at <= %(until)s AND NOT hist
      AND mod(hashtext(worker_id) & 65535, %(parts)s) = %(part)s
),
steps AS (
    SELECT *, lag(off_s) OVER (PARTITION BY worker_id ORDER BY at) AS before FROM told
)
SELECT at AS now, 'worker:' || worker_id AS subject, worker_id, off_s, at, lon, lat, grid_id
FROM steps
WHERE off_s >= %(seconds)s AND coalesce(before < %(seconds)s, true)
   OR off_s < %(seconds)s * %(calm)s / 100 AND before >= %(seconds)s * %(calm)s / 100
ORDER BY now;
