-- What a viewer may see: their district, at or below their place in the org tree. db.connect.read
-- sets both for the length of a transaction; unset, they match nothing. security_barrier keeps a
-- clever WHERE from looking at rows before the scope has been applied.

CREATE FUNCTION scoped.district() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(current_setting('gridward.district', true), '')::integer $$;

-- Written as a CASE because the planner takes starts_with() alone for one row in 200, and then joins
-- whole registries in nested loops; a CASE it takes for one in two.
CREATE FUNCTION scoped.sees(path text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN starts_with(path || '/', nullif(current_setting('gridward.path', true), '') || '/')
           THEN true ELSE false END
$$;

-- Which district a screen shows that was told none: the registry's first. It gives a code, no rows.
CREATE FUNCTION scoped.first_district() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
    $$ SELECT min(district) FROM public.district $$;

-- A unit is seen with those above it, so that a page can name where it stands.
CREATE VIEW scoped.org_unit WITH (security_barrier) AS
    SELECT * FROM public.org_unit u
    WHERE u.district = scoped.district()
      AND (scoped.sees(u.path)
           OR starts_with(current_setting('gridward.path', true) || '/', u.path || '/'));

CREATE VIEW scoped.district_info WITH (security_barrier) AS
    SELECT * FROM public.district WHERE district = scoped.district();

CREATE VIEW scoped.grid WITH (security_barrier) AS
    SELECT * FROM public.grid WHERE district = scoped.district() AND scoped.sees(path);
CREATE VIEW scoped.worker WITH (security_barrier) AS
    SELECT * FROM public.worker WHERE district = scoped.district() AND scoped.sees(path);
CREATE VIEW scoped.premises WITH (security_barrier) AS
    SELECT * FROM public.premises WHERE district = scoped.district() AND scoped.sees(path);
CREATE VIEW scoped.device WITH (security_barrier) AS
    SELECT * FROM public.device WHERE district = scoped.district() AND scoped.sees(path);
CREATE VIEW scoped.task WITH (security_barrier) AS
    SELECT * FROM public.task WHERE district = scoped.district() AND scoped.sees(path);
CREATE VIEW scoped.alert WITH (security_barrier) AS
    SELECT * FROM public.alert WHERE district = scoped.district() AND scoped.sees(path);
CREATE VIEW scoped.ingest_state WITH (security_barrier) AS
    SELECT * FROM public.ingest_state WHERE district = scoped.district();
-- Orders of one's own district are seen whole: an operator must know what others have asked for.
CREATE VIEW scoped.command WITH (security_barrier) AS
    SELECT * FROM public.command WHERE district = scoped.district();

-- Rows without a path are seen through who or what they belong to.
CREATE VIEW scoped.assignment WITH (security_barrier) AS
    SELECT a.* FROM public.assignment a JOIN public.grid g USING (district, grid_id)
    WHERE a.district = scoped.district() AND scoped.sees(g.path);
CREATE VIEW scoped.worker_state WITH (security_barrier) AS
    SELECT s.* FROM public.worker_state s JOIN public.worker w USING (district, worker_id)
    WHERE s.district = scoped.district() AND scoped.sees(w.path);
CREATE VIEW scoped.device_state WITH (security_barrier) AS
    SELECT s.* FROM public.device_state s JOIN public.device d USING (district, device_id)
    WHERE s.district = scoped.district() AND scoped.sees(d.path);
CREATE VIEW scoped.ping WITH (security_barrier) AS
    SELECT p.* FROM public.ping p JOIN public.worker w USING (district, worker_id)
    WHERE p.district = scoped.district() AND scoped.sees(w.path);
CREATE VIEW scoped.ping_hourly WITH (security_barrier) AS
    SELECT p.* FROM public.ping_hourly p JOIN public.worker w USING (district, worker_id)
    WHERE p.district = scoped.district() AND scoped.sees(w.path);
CREATE VIEW scoped.inspection WITH (security_barrier) AS
    SELECT i.* FROM public.inspection i JOIN public.worker w USING (district, worker_id)
    WHERE i.district = scoped.district() AND scoped.sees(w.path);
CREATE VIEW scoped.clue WITH (security_barrier) AS
    SELECT c.* FROM public.clue c JOIN public.worker w USING (district, worker_id)
    WHERE c.district = scoped.district() AND scoped.sees(w.path);
CREATE VIEW scoped.receipt WITH (security_barrier) AS
    SELECT r.* FROM public.receipt r JOIN public.device d USING (district, device_id)
    WHERE r.district = scoped.district() AND scoped.sees(d.path);
CREATE VIEW scoped.device_event WITH (security_barrier) AS
    SELECT e.* FROM public.device_event e
    LEFT JOIN public.device d USING (district, device_id)
    LEFT JOIN public.worker w ON w.district = e.district AND w.worker_id = e.device_id
    WHERE e.district = scoped.district() AND scoped.sees(coalesce(d.path, w.path));

GRANT SELECT ON ALL TABLES IN SCHEMA scoped TO gw_dashboard;

-- Orders go in through this view: only for the viewer's own district, and only as a queued row.
CREATE VIEW scoped.order_box WITH (security_barrier) AS
    SELECT district, command_id, kind, payload, actor FROM public.command
    WHERE district = scoped.district()
    WITH LOCAL CHECK OPTION;
GRANT INSERT ON scoped.order_box TO gw_dashboard;
