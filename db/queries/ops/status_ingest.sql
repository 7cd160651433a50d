-- What each ingest last said of itself, ages in seconds (districts {} = all).
SELECT district,
       connected,
       extract(epoch FROM now() - beat_at)::float8 AS silent_s,
       extract(epoch FROM now() - last_fact_at)::float8 AS last_fact_s,
       lag_s::float8 AS lag_s
FROM ingest_state
WHERE %(districts)s::integer[] = '{}' OR district = ANY(%(districts)s::integer[])
ORDER BY district;
