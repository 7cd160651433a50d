-- Store device events once, keep each device's last event and position; return the keys of the new ones.
-- A number may be smaller than a real can be, hence numeric and rounded.
WITH fresh AS (
    INSERT INTO device_event (district, device_id, ts, id, at, kind, event, severity, confidence, began,
                              ended, snapshot, text, battery, lon, lat, raw_lon, raw_lat, datum, grid_id,
                              hist, clock_off_s, received_at, premises_id, batch)
    SELECT district, device_id, ts, id, at, kind, event, severity, round(confidence, 6), began,
           ended, snapshot, text, round(battery, 6), lon, lat, raw_lon, raw_lat, datum, grid_id,
           hist, clock_off_s, received_at, premises_id, batch
    FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, device_id text, ts timestamptz, id text, at timestamptz, kind text, event text,
        severity severity, confidence numeric, began timestamptz, ended timestamptz, snapshot text, text text,
        battery numeric, lon double precision, lat double precision, raw_lon double precision,
        raw_lat double precision, datum text, grid_id text, hist boolean, clock_off_s real,
        received_at timestamptz, premises_id text, batch text)
    ON CONFLICT DO NOTHING
    RETURNING district, device_id, kind, ts, id, at, event
), happened AS (
    INSERT INTO device_state AS s (district, device_id, last_event, event_at)
    SELECT DISTINCT ON (district, device_id) district, device_id, event, at
    FROM fresh WHERE event <> 'position' AND kind <> 'worker' ORDER BY district, device_id, at DESC
    ON CONFLICT (district, device_id) DO UPDATE SET last_event = EXCLUDED.last_event, event_at = EXCLUDED.event_at
    WHERE s.event_at IS NULL OR s.event_at < EXCLUDED.event_at
)
SELECT device_id, ts, id FROM fresh;
