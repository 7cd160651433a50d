-- Store inspection logs once; return the keys of the new ones.
-- A number may be smaller than a real can be, hence numeric and rounded.
INSERT INTO inspection (district, worker_id, ts, id, at, premises_id, task_id, started, ended, result,
                        severity, items, photos, receipt_no, lon, lat, raw_lon, raw_lat, datum, grid_id,
                        accuracy_m, mock, hist, clock_off_s, received_at, outcome, archive)
SELECT district, device_id, ts, id, at, premises_id, task_id, started, ended, result,
       severity, items, photos, receipt_no, lon, lat, raw_lon, raw_lat, datum, grid_id,
       round(accuracy_m, 6), mock, hist, clock_off_s, received_at, outcome, nullif(archive, 'null')
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, ts timestamptz, id text, at timestamptz, premises_id text,
    task_id text, started timestamptz, ended timestamptz, result text, severity severity, items jsonb,
    photos jsonb, receipt_no text, lon double precision, lat double precision, raw_lon double precision,
    raw_lat double precision, datum text, grid_id text, accuracy_m numeric, mock boolean, hist boolean,
    clock_off_s real, received_at timestamptz, outcome text, archive jsonb)
ON CONFLICT DO NOTHING
RETURNING worker_id AS device_id, ts, id;
