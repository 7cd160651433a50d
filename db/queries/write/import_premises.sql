-- Upsert the premises; with `whole` close those that are no longer in the file, but none that a worker found.
-- What a worker has said something about keeps how it stands, and gets the register's own word noted aside. So does a
-- risk grade that an order gave, unless the register names another than it did. Each change is an event. A row that is as it was is neither written nor locked.
-- Gives: how many were closed; of premises that came to a register which was there before: their ids; of those that
-- workers have seen and the register now says something else of: theirs; what workers had found and is registered now.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(premises_id text, name text, licence_no text, category text, risk_grade text, status text,
             address text, tags text[], lon double precision, lat double precision,
             raw_lon double precision, raw_lat double precision, datum text, grid_id text, path text,
             business_scope text, registered_on date)
), other AS MATERIALIZED (
    SELECT i.*, p.premises_id IS NULL AS fresh, p.known_since, p.seen IS NOT NULL AS seen, p.risk_registered,
           CASE WHEN p.premises_id IS NOT NULL THEN jsonb_build_object(
               'name', p.name, 'licence_no', p.licence_no, 'category', p.category, 'risk_grade', p.risk_grade,
               'business_scope', p.business_scope, 'registered_on', p.registered_on)
               || coalesce(p.registered - '{status_since,address_since}'::text[], jsonb_build_object(
                   'status', p.status, 'address', p.address, 'tags', p.tags, 'lon', p.lon, 'lat', p.lat,
                   'grid_id', p.grid_id, 'path', p.path)) END AS was,
           jsonb_build_object(
               'name', i.name, 'licence_no', i.licence_no, 'category', i.category,
               'risk_grade', CASE WHEN p.rated_at IS NOT NULL AND no_other_grade(p.risk_registered, i.risk_grade)
                             THEN p.risk_grade ELSE i.risk_grade END,
               'business_scope', i.business_scope, 'registered_on', i.registered_on, 'status', i.status,
               'address', i.address, 'tags', i.tags, 'lon', i.lon, 'lat', i.lat, 'grid_id', i.grid_id,
               'path', i.path) AS word
    FROM incoming i LEFT JOIN premises p ON p.district = %(district)s AND p.premises_id = i.premises_id
    WHERE (p.premises_id, p.closed_at, p.name, p.licence_no, p.category, p.risk_registered, p.address, p.raw_lon, p.raw_lat,
           p.datum, p.business_scope, p.registered_on)
            IS DISTINCT FROM (i.premises_id, NULL::timestamptz, i.name, i.licence_no, i.category, i.risk_grade,
                              i.address, i.raw_lon, i.raw_lat, i.datum, i.business_scope, i.registered_on)
       OR CASE WHEN p.seen IS NULL
          THEN (p.status, p.tags, p.lon, p.lat, p.grid_id, p.path)
            IS DISTINCT FROM (i.status, i.tags, i.lon, i.lat, i.grid_id, i.path)
          ELSE p.registered - '{status_since,address_since}'::text[] IS DISTINCT FROM jsonb_build_object(
              'status', i.status, 'address', i.address, 'tags', i.tags, 'lon', i.lon, 'lat', i.lat,
              'grid_id', i.grid_id, 'path', i.path) END
), kept AS (
    INSERT INTO premises (district, premises_id, name, licence_no, category, risk_grade, risk_registered, status, address,
                          tags, lon, lat, raw_lon, raw_lat, datum, grid_id, path, business_scope, registered_on,
                          recorded_at)
    SELECT %(district)s, premises_id, name, licence_no, category, risk_grade, risk_grade, status, address,
           tags, lon, lat, raw_lon, raw_lat, datum, grid_id, path, business_scope, registered_on,
           CASE WHEN status = 'recorded' THEN now() END
    FROM other ORDER BY premises_id
    ON CONFLICT (district, premises_id) DO UPDATE SET
        name = EXCLUDED.name, licence_no = EXCLUDED.licence_no, category = EXCLUDED.category,
        risk_registered = EXCLUDED.risk_registered,
        risk_grade = CASE WHEN premises.rated_at IS NOT NULL
                               AND no_other_grade(premises.risk_registered, EXCLUDED.risk_registered)
                          THEN premises.risk_grade ELSE EXCLUDED.risk_registered END,
        rated_at = CASE WHEN no_other_grade(premises.risk_registered, EXCLUDED.risk_registered)
                        THEN premises.rated_at END,
        address = EXCLUDED.address, raw_lon = EXCLUDED.raw_lon,
        raw_lat = EXCLUDED.raw_lat, datum = EXCLUDED.datum, business_scope = EXCLUDED.business_scope,
        registered_on = EXCLUDED.registered_on, closed_at = NULL,
        recorded_at = coalesce(premises.recorded_at, EXCLUDED.recorded_at),
        status = CASE WHEN premises.seen IS NULL THEN EXCLUDED.status ELSE premises.status END,
        tags = CASE WHEN premises.seen IS NULL THEN EXCLUDED.tags ELSE premises.tags END,
        lon = CASE WHEN premises.seen IS NULL THEN EXCLUDED.lon ELSE premises.lon END,
        lat = CASE WHEN premises.seen IS NULL THEN EXCLUDED.lat ELSE premises.lat END,
        grid_id = CASE WHEN premises.seen IS NULL THEN EXCLUDED.grid_id ELSE premises.grid_id END,
        path = CASE WHEN premises.seen IS NULL THEN EXCLUDED.path ELSE premises.path END
), known AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM premises WHERE district = %(district)s AND source = 'register') AS before
), told AS (
    INSERT INTO premises_event (district, premises_id, at, event, actor, cause, said, changes)
    SELECT %(district)s, premises_id, known_since, 'registered', 'import', 'import',
           was || jsonb_build_object('risk_grade', risk_registered), '{}'
    FROM other WHERE NOT fresh
    UNION ALL
    SELECT %(district)s, premises_id, now(), 'registered', 'import', 'import',
           word || jsonb_build_object('risk_grade', risk_grade), coalesce((
               SELECT jsonb_object_agg(key, jsonb_build_array(was -> key, word -> key))
               FROM jsonb_object_keys(word) AS key WHERE was -> key IS DISTINCT FROM word -> key AND NOT fresh), '{}')
    FROM other, known WHERE NOT fresh OR known.before
    ON CONFLICT DO NOTHING
), gone AS (
    UPDATE premises SET closed_at = now()
    WHERE %(whole)s AND district = %(district)s AND closed_at IS NULL AND source = 'register'
      AND premises_id NOT IN (SELECT premises_id FROM incoming)
    RETURNING premises_id
), matched AS (
    UPDATE premises f SET closed_at = now(), registered_as = o.premises_id
    FROM other o
    WHERE o.fresh AND f.district = %(district)s AND f.source = 'field' AND f.closed_at IS NULL
      AND f.licence_no = o.licence_no
    RETURNING f.premises_id AS found, o.premises_id AS registered
), ended AS (
    INSERT INTO premises_event (district, premises_id, at, event, actor, cause, said)
    SELECT %(district)s, premises_id, now(), 'delisted', 'import', 'import', '{}' FROM gone
    UNION ALL
    SELECT %(district)s, found, now(), 'registered_as', 'import', 'import', jsonb_build_object('premises_id', registered)
    FROM matched
)
SELECT now() AS at, (SELECT count(*) FROM gone) AS closed,
       (SELECT coalesce(array_agg(premises_id ORDER BY premises_id), '{}') FROM other, known
        WHERE fresh AND known.before) AS arrived,
       (SELECT coalesce(array_agg(premises_id ORDER BY premises_id), '{}') FROM other WHERE seen) AS reworded,
       (SELECT coalesce(jsonb_object_agg(registered, found), '{}') FROM matched) AS matched;
