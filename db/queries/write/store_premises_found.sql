-- Store reports of premises found once; return the keys of the new ones.
INSERT INTO premises_found (district, worker_id, ts, id, at, name, category, status, licence_no, address, phone, tags,
                            photos, lon, lat, raw_lon, raw_lat, datum, grid_id, accuracy_m, mock, hist,
                            clock_off_s, received_at)
SELECT district, device_id, ts, id, at, name, category, status, licence_no, address, phone, tags,
       photos, lon, lat, raw_lon, raw_lat, datum, grid_id, round(accuracy_m, 6), mock, hist,
       clock_off_s, received_at
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, device_id text, ts timestamptz, id text, at timestamptz, name text, category text, status text,
    licence_no text, address text, phone text, tags text[], photos jsonb, lon double precision,
    lat double precision, raw_lon double precision, raw_lat double precision, datum text, grid_id text,
    accuracy_m numeric, mock boolean, hist boolean, clock_off_s real, received_at timestamptz)
ON CONFLICT DO NOTHING
RETURNING worker_id AS device_id, ts, id;
