-- The room as it was known then, faster: what takes long to count is kept while it is the present.

-- The rates, categories and the ranking of a whole district as the screen had them at `at` (db/figures.py names them),
-- kept by ingest every five minutes (ingest/figures.py): nothing that comes later can change them.
CREATE TABLE known_figures (
    district integer NOT NULL,
    at       timestamptz NOT NULL,
    name     text NOT NULL,
    figures  jsonb NOT NULL,                -- the rows of its query
    PRIMARY KEY (district, at, name)
);
GRANT SELECT, INSERT, DELETE ON known_figures TO gw_ingest;
CREATE VIEW scoped.known_figures WITH (security_barrier) AS
    SELECT at, name, figures FROM public.known_figures
    WHERE district = scoped.district() AND (SELECT scoped.sees_all());
GRANT SELECT ON scoped.known_figures TO gw_dashboard;

-- Where the positions lie that came within some minutes. Summed up as soon as a range of blocks is full, or every look at the
-- past would read all that has come since the last vacuum, too. Who looks for somebody by the key says `greatest(at,
-- received_at)`, or the planner would have all that had been received by then looked up in this index as well.
CREATE INDEX ping_received ON ping USING brin (received_at) WITH (autosummarize = on);

-- Where those of `ids` whom a viewer sees had been in the ten minutes before `instant`, as was known then: of each one
-- position in twenty seconds.
CREATE FUNCTION scoped.trails_then(instant timestamptz, ids text[])
    RETURNS TABLE (worker_id text, at timestamptz, lon double precision, lat double precision)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan AS $$
    SELECT DISTINCT ON (f.worker_id, floor(extract(epoch FROM f.at) / 20)) f.*
    FROM (
        SELECT p.*
        FROM scoped.worker w
        CROSS JOIN LATERAL (
            SELECT p.worker_id, p.at, p.lon, p.lat
            FROM ping p
            WHERE p.district = w.district AND p.worker_id = w.worker_id
              AND p.ts > instant - interval '10 minutes' AND p.ts <= instant
              AND p.clock_off_s IS NULL AND greatest(p.at, p.received_at) <= instant) p
        WHERE w.worker_id = ANY (ids)
        UNION ALL
        SELECT p.worker_id, p.at, p.lon, p.lat
        FROM ping p JOIN scoped.worker w USING (district, worker_id)
        WHERE p.district = scoped.district() AND p.clock_off_s IS NOT NULL AND p.worker_id = ANY (ids)
          AND p.at > instant - interval '10 minutes' AND p.at <= instant AND greatest(p.at, p.received_at) <= instant
    ) f
    ORDER BY f.worker_id, floor(extract(epoch FROM f.at) / 20), f.at DESC
$$;
REVOKE ALL ON FUNCTION scoped.trails_then FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scoped.trails_then TO gw_dashboard;

-- Where each worker's phone was, of the positions stored by `instant` the latest of the half hour before it. Of nearly all
-- that is one of the last minute, which lie together: those are read as they came, and only of the others each one's by
-- their key. They came within two minutes: a clock that is more than a minute fast is no right one.
CREATE OR REPLACE FUNCTION scoped.people_then(instant timestamptz)
    RETURNS TABLE (worker_id text, at timestamptz, lon double precision, lat double precision, grid_id text,
                   in_own_grid boolean, speed_kmh real, heading_deg real, battery real, received_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan SET work_mem = '16MB' AS $$
    WITH lately AS MATERIALIZED (
        SELECT DISTINCT ON (p.worker_id) p.worker_id, p.at, p.lon, p.lat, p.grid_id, p.in_own_grid, p.speed_kmh,
               p.heading_deg, p.battery, p.received_at
        FROM ping p
        WHERE p.district = scoped.district() AND p.clock_off_s IS NULL
          AND p.received_at > instant - interval '2 minutes' AND p.received_at <= instant
          AND p.at > instant - interval '1 minute' AND p.at <= instant
          AND p.ts > instant - interval '1 day' AND p.ts < instant + interval '1 day'
        ORDER BY p.worker_id, p.at DESC
    ),
    right_clock AS (
        SELECT l.* FROM lately l WHERE l.worker_id IN (SELECT w.worker_id FROM scoped.worker w)
        UNION ALL
        SELECT p.*
        FROM scoped.worker w
        CROSS JOIN LATERAL (
            SELECT p.worker_id, p.at, p.lon, p.lat, p.grid_id, p.in_own_grid, p.speed_kmh, p.heading_deg, p.battery,
                   p.received_at
            FROM ping p
            WHERE p.district = w.district AND p.worker_id = w.worker_id
              AND p.ts > instant - interval '30 minutes' AND p.ts <= instant
              AND p.clock_off_s IS NULL AND greatest(p.at, p.received_at) <= instant
            ORDER BY p.ts DESC LIMIT 1) p
        WHERE NOT EXISTS (SELECT FROM lately l WHERE l.worker_id = w.worker_id)
    )
    SELECT DISTINCT ON (f.worker_id) f.*
    FROM (
        SELECT * FROM right_clock
        UNION ALL
        SELECT p.worker_id, p.at, p.lon, p.lat, p.grid_id, p.in_own_grid, p.speed_kmh, p.heading_deg, p.battery,
               p.received_at
        FROM ping p JOIN scoped.worker w USING (district, worker_id)
        WHERE p.district = scoped.district() AND p.clock_off_s IS NOT NULL
          AND p.at > instant - interval '30 minutes' AND p.at <= instant AND greatest(p.at, p.received_at) <= instant
    ) f
    ORDER BY f.worker_id, f.at DESC
$$;

-- Who and what an incident is about, in words. `->>` is no operator that is let below a security barrier: what it gives is
-- fixed first, so that each name is found by its key, and not by reading all of a city's workers, devices and premises.
CREATE OR REPLACE FUNCTION scoped.incident_words(id text)
    RETURNS TABLE (subject text, params jsonb, findings jsonb, worker_name text, worker_name_en text, device_name text,
                   premises_name text, department_name text, department_name_en text)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT p.subject, p.params, scoped.worded(p.params -> 'findings'), w.name, w.name_en, d.name, m.name, o.name, o.name_en
    FROM (VALUES (id)) AS asked (id)
    CROSS JOIN LATERAL (
        SELECT l.subject, l.params, l.params ->> 'worker_id' AS worker_id, l.params ->> 'device_id' AS device_id,
               l.params ->> 'premises_id' AS premises_id, l.params ->> 'department_id' AS department_id
        FROM (
            SELECT coalesce(a.subject, b.subject) AS subject, coalesce(a.params, b.params, '{}') AS params
            FROM (VALUES (asked.id)) AS one (id)
            LEFT JOIN LATERAL (
                SELECT l.subject, l.params FROM scoped.alert l WHERE l.alert_id = one.id LIMIT 1) a ON true
            LEFT JOIN LATERAL (
                SELECT l.subject, l.params FROM scoped.alert l
                WHERE a.subject IS NULL AND l.incident_id = one.id ORDER BY l.raised_at LIMIT 1) b ON true
        ) l
        OFFSET 0) p
    LEFT JOIN LATERAL (SELECT name, name_en FROM scoped.worker WHERE worker_id = p.worker_id LIMIT 1) w ON true
    LEFT JOIN LATERAL (SELECT name FROM scoped.device WHERE device_id = p.device_id LIMIT 1) d ON true
    LEFT JOIN LATERAL (SELECT name FROM scoped.premises WHERE premises_id = p.premises_id LIMIT 1) m ON true
    LEFT JOIN LATERAL (SELECT name, name_en FROM scoped.department WHERE department_id = p.department_id LIMIT 1) o ON true
$$;
