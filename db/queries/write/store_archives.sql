-- Write premises as they stand now, whose word that is, and the events that led there.
WITH stood AS (
    UPDATE premises p SET
        status = r.status, tags = r.tags, lon = r.lon, lat = r.lat, grid_id = r.grid_id, path = r.path,
        sign = r.sign, phone = r.phone, verified_at = r.verified_at, verified_by = r.verified_by,
        registered = nullif(r.registered, 'null'), seen = r.seen
    FROM json_to_recordset(%(rows)s::json) AS r(
        premises_id text, status text, tags text[], lon double precision, lat double precision, grid_id text,
        path text, sign text, phone text, verified_at timestamptz, verified_by text, registered jsonb, seen jsonb)
    WHERE p.district = %(district)s AND p.premises_id = r.premises_id
)
INSERT INTO premises_event (district, premises_id, at, event, actor, cause, said, changes, evidence, irregular)
SELECT district, premises_id, at, event, actor, cause, said, changes, evidence, irregular
FROM json_to_recordset(%(events)s::json) AS r(
    district integer, premises_id text, at timestamptz, event text, actor text, cause text, said jsonb,
    changes jsonb, evidence jsonb, irregular text)
ON CONFLICT DO NOTHING;
