-- What a walk over all that the screen can ask (tests/sql/test_walk.py) found to be seen by others than it should.

-- From which place in the org tree an order was placed: whoever stands there, or above, sees what has become of it. What
-- ingest and the commands place has none, and is for those who see the whole district.
ALTER TABLE command ADD COLUMN place text;
ALTER TABLE command ALTER COLUMN place SET DEFAULT nullif(current_setting('gridward.path', true), '');
CREATE OR REPLACE VIEW scoped.command WITH (security_barrier) AS
    SELECT * FROM public.command
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(place));

-- A replay of the room is a look at everybody at or below the place of who looked (null: at all of the district): they see
-- it, and those above; nobody beside.
ALTER TABLE track_look ADD COLUMN place text;
COMMENT ON COLUMN track_look.worker_id IS '''*'' with ''room'': all at or below `place`';
CREATE OR REPLACE VIEW scoped.track_look WITH (security_barrier) AS
    SELECT l.* FROM public.track_look l LEFT JOIN public.worker w USING (district, worker_id)
    WHERE l.district = scoped.district()
      AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path)
           OR (l.worker_id = '*'
               AND (l.place IS NULL OR scoped.sees(l.place)
                    OR starts_with(current_setting('gridward.path', true) || '/', l.place || '/'))));

-- A phone and a device may have the same id: what a phone tells is its worker's, and not whose the device is.
CREATE OR REPLACE VIEW scoped.device_event WITH (security_barrier) AS
    SELECT e.* FROM public.device_event e
    LEFT JOIN public.device d ON d.district = e.district AND d.device_id = e.device_id AND e.kind <> 'worker'
    LEFT JOIN public.worker w ON w.district = e.district AND w.worker_id = e.device_id AND e.kind = 'worker'
    WHERE e.district = scoped.district() AND scoped.sees(coalesce(d.path, w.path));

CREATE OR REPLACE FUNCTION scoped.devices_then(instant timestamptz, of_kind text, placed boolean)
    RETURNS TABLE (device_id text, kind text, name text, path text, worker_id text, heading_deg real,
                   lon double precision, lat double precision, online boolean)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 20000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
    WITH hourly AS MATERIALIZED (
        SELECT e.device_id FROM device_hourly e
        WHERE e.district = scoped.district() AND e.hour = date_trunc('hour', instant,
            (SELECT i.tz FROM district i WHERE i.district = scoped.district())) - interval '1 hour'
    ),
    hour AS MATERIALIZED (
        SELECT date_trunc('hour', instant, i.tz) AS began, EXISTS (SELECT FROM hourly) AS listened
        FROM district i WHERE i.district = scoped.district()
    )
    SELECT d.device_id, d.kind, d.name, d.path, d.worker_id, d.heading_deg, coalesce(d.lon, p.lon), coalesce(d.lat, p.lat),
           CASE WHEN i.listened THEN h.device_id IS NOT NULL OR EXISTS (
               SELECT FROM device_event e
               WHERE e.district = d.district AND e.device_id = d.device_id AND e.kind <> 'worker'
                 AND e.ts > i.began - interval '10 minutes' AND e.ts <= instant
                 AND e.received_at >= i.began AND e.received_at <= instant) END
    FROM scoped.device d
    CROSS JOIN hour i
    LEFT JOIN hourly h ON h.device_id = d.device_id
    LEFT JOIN LATERAL (
        SELECT e.lon, e.lat FROM device_event e
        WHERE placed AND d.lon IS NULL AND e.district = d.district AND e.device_id = d.device_id AND e.kind <> 'worker'
          AND e.ts > instant - interval '30 minutes' AND e.ts <= instant
          AND e.lon IS NOT NULL AND e.at <= instant AND e.received_at <= instant
        ORDER BY e.ts DESC LIMIT 1) p ON true
    WHERE (d.closed_at IS NULL OR d.closed_at > instant) AND (of_kind IS NULL OR d.kind = of_kind)
$$;
