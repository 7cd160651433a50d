-- The room as it was known at an instant of the past: what had been stored by then, not what has come since of the time
-- before.

-- When an event was stored. Of those from before this there is only when they happened; so it is of a past that is
-- played (`gridward history`), all of which is stored at once.
ALTER TABLE task_event ADD COLUMN stored_at timestamptz;
ALTER TABLE task_event ALTER COLUMN stored_at
    SET DEFAULT CASE WHEN current_setting('gridward.played', true) = 'on' THEN NULL ELSE now() END;
ALTER TABLE alert_event ADD COLUMN stored_at timestamptz;
ALTER TABLE alert_event ALTER COLUMN stored_at SET DEFAULT now();
ALTER TABLE alert_event ADD COLUMN severity severity;   -- of an alert, with `raised` and `worsened`
ALTER TABLE alert ADD COLUMN cleared_stored_at timestamptz;
-- Of a year's alerts those that were open at an instant.
CREATE INDEX alert_known ON alert (district, (coalesce(cleared_stored_at, cleared_at, 'infinity'::timestamptz)));

-- Where a phone's clock is right, `at` is `ts`, by which the key finds a position; the few others are found by this.
CREATE INDEX ping_clock_off ON ping (district, at) WHERE clock_off_s IS NOT NULL;

CREATE OR REPLACE VIEW scoped.alert WITH (security_barrier) AS
    SELECT * FROM public.alert
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));

-- What was known at an instant, of all that a viewer sees. These read the facts of whom a viewer sees past the views, by
-- the facts' own keys: through a view each of a city's ten thousand would be looked up in the registry once more.
-- Where each worker's phone was, of the positions stored by `instant` the latest of the half hour before it.
CREATE FUNCTION scoped.people_then(instant timestamptz)
    RETURNS TABLE (worker_id text, at timestamptz, lon double precision, lat double precision, grid_id text,
                   in_own_grid boolean, speed_kmh real, heading_deg real, battery real, received_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan AS $$
    SELECT DISTINCT ON (f.worker_id) f.*
    FROM (
        SELECT p.*
        FROM scoped.worker w
        CROSS JOIN LATERAL (
            SELECT p.worker_id, p.at, p.lon, p.lat, p.grid_id, p.in_own_grid, p.speed_kmh, p.heading_deg, p.battery,
                   p.received_at
            FROM ping p
            WHERE p.district = w.district AND p.worker_id = w.worker_id
              AND p.ts > instant - interval '30 minutes' AND p.ts <= instant
              AND p.clock_off_s IS NULL AND p.received_at <= instant
            ORDER BY p.ts DESC LIMIT 1) p
        UNION ALL
        SELECT p.worker_id, p.at, p.lon, p.lat, p.grid_id, p.in_own_grid, p.speed_kmh, p.heading_deg, p.battery,
               p.received_at
        FROM ping p JOIN scoped.worker w USING (district, worker_id)
        WHERE p.district = scoped.district() AND p.clock_off_s IS NOT NULL
          AND p.at > instant - interval '30 minutes' AND p.at <= instant AND p.received_at <= instant
    ) f
    ORDER BY f.worker_id, f.at DESC
$$;

-- Who was on duty at `instant`, by the changes of duty stored by then; on duty who had told of none yet. Nothing is said of
-- `kind`: by the index of duty alone all workers' changes would be read for each of them;
-- and without bitmap scans, or the block ranges of all that was before would be read for each.
CREATE FUNCTION scoped.duty_then(instant timestamptz) RETURNS TABLE (worker_id text, on_duty boolean)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
    SELECT w.worker_id, coalesce(l.event = 'duty_on', o.event = 'duty_on', s.on_duty AND s.duty_at <= instant, true)
    FROM scoped.worker w
    LEFT JOIN worker_state s ON s.district = w.district AND s.worker_id = w.worker_id
    LEFT JOIN LATERAL (
        SELECT e.event FROM device_event e
        WHERE s.duty_at IS NOT NULL AND e.district = w.district AND e.device_id = w.worker_id
          AND e.ts > instant - interval '4 days' AND e.ts <= instant + interval '1 day'
          AND e.event IN ('duty_on', 'duty_off') AND e.at <= instant AND e.received_at <= instant
        ORDER BY e.ts DESC LIMIT 1) l ON true
    LEFT JOIN LATERAL (  -- who came back after a long absence
        SELECT e.event FROM device_event e
        WHERE l.event IS NULL AND s.duty_at IS NOT NULL AND e.district = w.district AND e.device_id = w.worker_id
          AND e.ts <= instant - interval '4 days' AND e.event IN ('duty_on', 'duty_off')
          AND e.at <= instant AND e.received_at <= instant
        ORDER BY e.ts DESC LIMIT 1) o ON true
    WHERE w.closed_at IS NULL OR w.closed_at > instant
$$;

-- Each device with where it was, and whether anything of it had come in the full hour before that of `instant`, or since:
-- how often devices were heard is kept by the hour. Those of a kind (null: all); one that moves has a place only if that is
-- asked for (`placed`). Online is null where it is known of none: nobody may have listened.
CREATE FUNCTION scoped.devices_then(instant timestamptz, of_kind text, placed boolean)
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
               WHERE e.district = d.district AND e.device_id = d.device_id
                 AND e.ts > i.began - interval '10 minutes' AND e.ts <= instant
                 AND e.received_at >= i.began AND e.received_at <= instant) END
    FROM scoped.device d
    CROSS JOIN hour i
    LEFT JOIN hourly h ON h.device_id = d.device_id
    LEFT JOIN LATERAL (
        SELECT e.lon, e.lat FROM device_event e
        WHERE placed AND d.lon IS NULL AND e.district = d.district AND e.device_id = d.device_id
          AND e.ts > instant - interval '30 minutes' AND e.ts <= instant
          AND e.lon IS NOT NULL AND e.at <= instant AND e.received_at <= instant
        ORDER BY e.ts DESC LIMIT 1) p ON true
    WHERE (d.closed_at IS NULL OR d.closed_at > instant) AND (of_kind IS NULL OR d.kind = of_kind)
$$;

-- The alerts of which at `instant` was known that they had been raised, and not yet that they were over; as grave, and
-- with what they said, as then.
CREATE FUNCTION scoped.alerts_then(instant timestamptz)
    RETURNS TABLE (alert_id text, incident_id text, rule text, subject text, severity severity, params jsonb, path text,
                   grid_id text, lon double precision, lat double precision, raised_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan AS $$
    SELECT a.alert_id, a.incident_id, a.rule, a.subject, coalesce(e.severity, a.severity), coalesce(e.params, a.params),
           a.path, a.grid_id, a.lon, a.lat, a.raised_at
    FROM scoped.alert a
    LEFT JOIN LATERAL (
        SELECT e.severity, e.params FROM alert_event e
        WHERE e.district = a.district AND e.alert_id = a.alert_id AND e.event IN ('raised', 'worsened')
          AND e.at >= a.raised_at AND coalesce(e.stored_at, e.at) <= instant
        ORDER BY e.at DESC LIMIT 1) e ON true
    WHERE a.created_at <= instant AND coalesce(a.cleared_stored_at, a.cleared_at, 'infinity') > instant
$$;

-- The incidents that were open at `instant`, as the steps stored by then leave them.
CREATE FUNCTION scoped.incidents_then(instant timestamptz)
    RETURNS TABLE (incident_id text, rule text, severity severity, state text, acknowledged_by text, grid_id text,
                   opened_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan AS $$
    SELECT i.incident_id, i.rule, coalesce(e.severity::severity, i.severity), e.state, e.acknowledged_by, i.grid_id,
           i.opened_at
    FROM scoped.incident i
    CROSS JOIN LATERAL (
        SELECT (array_agg(e.state ORDER BY e.at DESC, coalesce(e.stored_at, e.at) DESC))[1] AS state,
               (array_agg(e.params ->> 'severity' ORDER BY e.at DESC) FILTER (WHERE e.params ? 'severity'))[1] AS severity,
               (array_agg(e.actor ORDER BY e.at) FILTER (WHERE e.event = 'acknowledged' AND e.irregular IS NULL))[1]
                   AS acknowledged_by
        FROM alert_event e
        WHERE e.district = i.district AND e.alert_id = i.incident_id AND e.state IS NOT NULL
          AND coalesce(e.stored_at, e.at) <= instant) e
    WHERE i.opened_at <= instant  -- what had ended a day before, and was not taken up again, need not be looked at
      AND (i.ended_at IS NULL OR i.ended_at > instant - interval '1 day' OR i.reopened > 0)
      AND e.state NOT IN ('resolved', 'false_alarm', 'passed', 'merged')
$$;

-- The tasks due after `since` until `until` that were known of at `instant`, and in which state.
CREATE FUNCTION scoped.tasks_then(instant timestamptz, since timestamptz, until timestamptz)
    RETURNS TABLE (task_id text, state text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, public
    SET plan_cache_mode = force_custom_plan AS $$
    SELECT t.task_id, e.state
    FROM scoped.task t
    CROSS JOIN LATERAL (
        SELECT e.state FROM task_event e
        WHERE e.district = t.district AND e.task_id = t.task_id AND coalesce(e.stored_at, e.at) <= instant
        ORDER BY e.at DESC, coalesce(e.stored_at, e.at) DESC LIMIT 1) e
    WHERE t.due_at > since AND t.due_at <= until AND t.launched_at <= instant
$$;
REVOKE ALL ON FUNCTION scoped.people_then, scoped.duty_then, scoped.devices_then, scoped.alerts_then,
    scoped.incidents_then, scoped.tasks_then FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scoped.people_then, scoped.duty_then, scoped.devices_then, scoped.alerts_then,
    scoped.incidents_then, scoped.tasks_then TO gw_dashboard;

-- Of indicators yesterday's instants are as exact as today's: kpi_daily has merged only what was before.
CREATE OR REPLACE VIEW scoped.kpi_kept WITH (security_barrier) AS
    SELECT k.kpi, k.digest, greatest(k.exact_from, scoped.exact_from(d.tz)) AS exact_from
    FROM public.kpi_kept k JOIN public.district d USING (district, tz)
    WHERE k.district = scoped.district();
CREATE OR REPLACE FUNCTION scoped.is_kept(kpi text, digest text, grain text, unit text, depth integer, ends timestamptz[])
    RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM scoped.kpi_kept k
                   WHERE (k.kpi, k.digest) = (is_kept.kpi, is_kept.digest)
                     AND NOT EXISTS (SELECT FROM unnest(ends) AS at, scoped.district_info d
                                     WHERE at < k.exact_from AND at <> date_trunc('day', at, d.tz)))
       AND CASE grain
           WHEN 'unit' THEN greatest(scoped.depth_of(unit), depth,
                                     scoped.depth_of(current_setting('gridward.path', true))) <= 2
           WHEN 'category' THEN scoped.sees_all() AND scoped.depth_of(unit) = 1
           ELSE false END
$$;

-- A replay of the room is a look at everybody's tracks: one row, of the worker `*`, which everybody sees.
ALTER TABLE track_look DROP CONSTRAINT track_look_about_check;
ALTER TABLE track_look ADD CONSTRAINT track_look_about_check CHECK (about IN ('visit', 'task', 'day', 'room'));
COMMENT ON COLUMN track_look.worker_id IS '''*'' with ''room'': all of the district';
COMMENT ON COLUMN track_look.id IS 'of the task, ''worker:message'' of the visit, ''worker:day'', or the day';
CREATE OR REPLACE VIEW scoped.track_look WITH (security_barrier) AS
    SELECT l.* FROM public.track_look l LEFT JOIN public.worker w USING (district, worker_id)
    WHERE l.district = scoped.district()
      AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path) OR l.worker_id = '*');
