-- How long ago ingest last gave a sign of life and stored something new; no row: it never ran.
SELECT connected, extract(epoch FROM now() - beat_at)::float AS beat_age_s,
       extract(epoch FROM now() - last_fact_at)::float AS fact_age_s
FROM ingest_state;
