-- Store changes of duty once, as events, and each worker's latest; return the keys of the new ones.
WITH fresh AS (
    INSERT INTO device_event (district, device_id, ts, id, at, kind, event, hist, clock_off_s, received_at)
    SELECT district, device_id, ts, id, at, kind, CASE WHEN "on" THEN 'duty_on' ELSE 'duty_off' END,
           hist, clock_off_s, received_at
    FROM json_to_recordset(%(rows)s::json) AS r(
        district integer, device_id text, ts timestamptz, id text, at timestamptz, kind text, "on" boolean,
        hist boolean, clock_off_s real, received_at timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING district, device_id, ts, id, at, event
), changed AS (
    INSERT INTO worker_state AS w (district, worker_id, on_duty, duty_at)
    SELECT DISTINCT ON (district, device_id) district, device_id, event = 'duty_on', at
    FROM fresh ORDER BY district, device_id, at DESC
    ON CONFLICT (district, worker_id) DO UPDATE SET on_duty = EXCLUDED.on_duty, duty_at = EXCLUDED.duty_at
    WHERE w.duty_at IS NULL OR w.duty_at < EXCLUDED.duty_at
)
SELECT device_id, ts, id FROM fresh;
