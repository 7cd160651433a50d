-- Store clues once; return the keys of the new ones.
INSERT INTO clue (district, worker_id, ts, id, at, kind, severity, text, industry, premises_id, photos,
                  lon, lat, raw_lon, raw_lat, datum, grid_id, hist, clock_off_s, received_at)
SELECT district, device_id, ts, id, at, clue_kind, severity, text, industry, premises_id, photos,
       lon, lat, raw_lon, raw_lat, datum, grid_id, hist, clock_off_s, received_at
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, ts timestamptz, id text, at timestamptz, clue_kind text,
    severity severity, text text, industry text, premises_id text, photos jsonb, lon double precision,
    lat double precision, raw_lon double precision, raw_lat double precision, datum text, grid_id text,
    hist boolean, clock_off_s real, received_at timestamptz)
ON CONFLICT DO NOTHING
RETURNING worker_id AS device_id, ts, id;
