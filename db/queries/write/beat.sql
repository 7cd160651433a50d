-- One row a district: that its ingest is alive, connected, and how far behind.
INSERT INTO ingest_state (district, instance, started_at, beat_at, connected, last_fact_at, lag_s)
VALUES (%(district)s, %(instance)s, %(started_at)s, now(), %(connected)s, %(last_fact_at)s, %(lag_s)s)
ON CONFLICT (district) DO UPDATE SET
    instance = EXCLUDED.instance, started_at = EXCLUDED.started_at, beat_at = EXCLUDED.beat_at,
    connected = EXCLUDED.connected,
    last_fact_at = coalesce(EXCLUDED.last_fact_at, ingest_state.last_fact_at), lag_s = EXCLUDED.lag_s;
