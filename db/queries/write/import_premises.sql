-- Upsert the premises; close those that are no longer in the file.
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(premises_id text, name text, licence_no text, category text, risk_grade text, status text,
             address text, tags text[], lon double precision, lat double precision,
             raw_lon double precision, raw_lat double precision, datum text, grid_id text, path text,
             business_scope text)
), kept AS (
    INSERT INTO premises (district, premises_id, name, licence_no, category, risk_grade, status, address,
                          tags, lon, lat, raw_lon, raw_lat, datum, grid_id, path, business_scope)
    SELECT %(district)s, premises_id, name, licence_no, category, risk_grade, status, address,
           tags, lon, lat, raw_lon, raw_lat, datum, grid_id, path, business_scope FROM incoming
    ON CONFLICT (district, premises_id) DO UPDATE SET
        name = EXCLUDED.name, licence_no = EXCLUDED.licence_no, category = EXCLUDED.category,
        risk_grade = EXCLUDED.risk_grade, status = EXCLUDED.status, address = EXCLUDED.address,
        tags = EXCLUDED.tags, lon = EXCLUDED.lon, lat = EXCLUDED.lat, raw_lon = EXCLUDED.raw_lon,
        raw_lat = EXCLUDED.raw_lat, datum = EXCLUDED.datum, grid_id = EXCLUDED.grid_id,
        path = EXCLUDED.path, business_scope = EXCLUDED.business_scope, closed_at = NULL
    WHERE (premises.name, premises.licence_no, premises.category, premises.risk_grade, premises.status,
           premises.address, premises.tags, premises.lon, premises.lat, premises.raw_lon, premises.raw_lat,
           premises.datum, premises.grid_id, premises.path, premises.business_scope, premises.closed_at)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.licence_no, EXCLUDED.category, EXCLUDED.risk_grade,
                          EXCLUDED.status, EXCLUDED.address, EXCLUDED.tags, EXCLUDED.lon, EXCLUDED.lat,
                          EXCLUDED.raw_lon, EXCLUDED.raw_lat, EXCLUDED.datum, EXCLUDED.grid_id,
                          EXCLUDED.path, EXCLUDED.business_scope, NULL)
), gone AS (
    UPDATE premises SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND premises_id NOT IN (SELECT premises_id FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
