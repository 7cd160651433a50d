-- Upsert what the public has reported; a report that is not in the file stays, since it was made.
-- A row that is as it was is not written again.
INSERT INTO public_report AS p (district, report_id, reported_at, kind, text, premises_id, valid, lon, lat,
                                raw_lon, raw_lat, datum, grid_id, path)
SELECT %(district)s, report_id, reported_at, kind, text, premises_id, valid, lon, lat, raw_lon, raw_lat, datum,
       grid_id, path
FROM json_to_recordset(%(rows)s::json)
    AS r(report_id text, reported_at timestamptz, kind text, text text, premises_id text, valid boolean,
         lon double precision, lat double precision, raw_lon double precision, raw_lat double precision,
         datum text, grid_id text, path text)
ON CONFLICT (district, report_id) DO UPDATE SET
    reported_at = EXCLUDED.reported_at, kind = EXCLUDED.kind, text = EXCLUDED.text,
    premises_id = EXCLUDED.premises_id, valid = EXCLUDED.valid, lon = EXCLUDED.lon, lat = EXCLUDED.lat,
    raw_lon = EXCLUDED.raw_lon, raw_lat = EXCLUDED.raw_lat, datum = EXCLUDED.datum, grid_id = EXCLUDED.grid_id,
    path = EXCLUDED.path
WHERE (p.reported_at, p.kind, p.text, p.premises_id, p.valid, p.lon, p.lat, p.raw_lon, p.raw_lat, p.datum, p.grid_id,
       p.path)
    IS DISTINCT FROM (EXCLUDED.reported_at, EXCLUDED.kind, EXCLUDED.text, EXCLUDED.premises_id, EXCLUDED.valid,
                      EXCLUDED.lon, EXCLUDED.lat, EXCLUDED.raw_lon, EXCLUDED.raw_lat, EXCLUDED.datum,
                      EXCLUDED.grid_id, EXCLUDED.path);
