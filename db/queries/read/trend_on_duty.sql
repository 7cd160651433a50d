-- How many workers were on duty at each instant of `at` (null: now), as their changes of duty tell; on duty who
-- had told of none yet. Instants before any of them had been given a grid are left out: nobody was known.
WITH instants AS MATERIALIZED (
    SELECT array_agg(at ORDER BY at) AS ats, min(at) AS begins, max(at) AS ends
    FROM district_info, unnest(coalesce(%(at)s::timestamptz[], ARRAY[now()])) AS at
),
lately AS MATERIALIZED (  -- by the device's clock, so that only a few days are read
    SELECT worker_id, at, on_duty FROM duty
    WHERE ts > (SELECT begins FROM instants) - interval '4 days' AND ts <= (SELECT ends FROM instants) + interval '1 day'
),
known AS (
    SELECT w.worker_id, greatest(i.begins, given.since) AS since, s.duty_at, s.on_duty
    FROM worker w
    CROSS JOIN instants i
    LEFT JOIN (SELECT worker_id, min(valid_from) AS since FROM assignment GROUP BY 1) given USING (worker_id)
    LEFT JOIN worker_state s USING (worker_id)
    WHERE w.role = 'worker' AND w.closed_at IS NULL
),
before AS (
    SELECT DISTINCT ON (k.worker_id) k.worker_id, k.since, l.on_duty AS told,
           CASE WHEN k.duty_at <= k.since THEN k.on_duty END AS kept, l.worker_id IS NULL AND k.duty_at > k.since AS sought
    FROM known k LEFT JOIN lately l ON l.worker_id = k.worker_id AND l.at <= k.since
    ORDER BY k.worker_id, l.at DESC
),
states AS (
    SELECT b.worker_id, b.since AS at, coalesce(b.told, b.kept, older.on_duty, true) AS on_duty, 1 AS known
    FROM before b
    LEFT JOIN LATERAL (  -- who comes back after a long absence
        SELECT d.on_duty FROM duty d
        WHERE b.sought AND d.worker_id = b.worker_id AND d.at <= b.since ORDER BY d.ts DESC LIMIT 1
    ) older ON true
    UNION ALL
    SELECT l.worker_id, l.at, l.on_duty, 0 FROM lately l JOIN known k USING (worker_id) WHERE l.at > k.since
),
changes AS (
    SELECT first_at(i.ats, s.at) AS number, s.known,
           s.on_duty::int - coalesce(lag(s.on_duty::int) OVER (PARTITION BY s.worker_id ORDER BY s.at), 0) AS change
    FROM states s CROSS JOIN instants i
)
SELECT i.at, sum(c.change)::bigint AS value
FROM (SELECT given.* FROM instants, unnest(ats) WITH ORDINALITY AS given (at, number)) i
JOIN (SELECT number, sum(known) AS known, sum(change) AS change FROM changes GROUP BY 1) c ON c.number <= i.number
GROUP BY 1
HAVING sum(c.known) > 0
ORDER BY 1;
