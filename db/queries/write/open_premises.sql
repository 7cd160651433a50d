-- Premises that workers found; those that are there already are left as they are.
INSERT INTO premises (district, premises_id, source, name, licence_no, category, status, address, lon, lat,
                      raw_lon, raw_lat, datum, grid_id, path, known_since)
SELECT district, premises_id, 'field', name, licence_no, category, status, address, lon, lat,
       raw_lon, raw_lat, datum, grid_id, path, known_since
FROM json_to_recordset(%(rows)s::json) AS r(
    district integer, premises_id text, name text, licence_no text, category text, status text, address text,
    lon double precision, lat double precision, raw_lon double precision, raw_lat double precision, datum text,
    grid_id text, path text, known_since timestamptz)
ON CONFLICT DO NOTHING;
