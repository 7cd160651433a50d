-- Whoever may see a whole district need not be asked about every row: the test of each path took longer
-- than reading the row. A sub-select is answered once a query.
CREATE FUNCTION scoped.sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('gridward.path', true) = scoped.district()::text, false)
$$;
GRANT EXECUTE ON FUNCTION scoped.sees_all TO gw_dashboard;

CREATE OR REPLACE VIEW scoped.org_unit WITH (security_barrier) AS
    SELECT * FROM public.org_unit u
    WHERE u.district = scoped.district()
      AND ((SELECT scoped.sees_all()) OR scoped.sees(u.path)
           OR starts_with(current_setting('gridward.path', true) || '/', u.path || '/'));

CREATE OR REPLACE VIEW scoped.grid WITH (security_barrier) AS
    SELECT * FROM public.grid
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.worker WITH (security_barrier) AS
    SELECT * FROM public.worker
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.premises WITH (security_barrier) AS
    SELECT * FROM public.premises
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.device WITH (security_barrier) AS
    SELECT * FROM public.device
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.task WITH (security_barrier) AS
    SELECT * FROM public.task
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.alert WITH (security_barrier) AS
    SELECT * FROM public.alert
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));

CREATE OR REPLACE VIEW scoped.worker_state WITH (security_barrier) AS
    SELECT s.* FROM public.worker_state s JOIN public.worker w USING (district, worker_id)
    WHERE s.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path));
CREATE OR REPLACE VIEW scoped.device_state WITH (security_barrier) AS
    SELECT s.* FROM public.device_state s JOIN public.device d USING (district, device_id)
    WHERE s.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(d.path));

-- Right after an import the planner knows nothing of what came in, takes a city for a handful of rows, and
-- joins it in nested loops for minutes. Only a table's owner may analyse it, hence this door.
CREATE FUNCTION analyse_registry() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    ANALYZE org_unit, grid, worker, assignment, premises, device, command;
END $$;
REVOKE ALL ON FUNCTION analyse_registry FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyse_registry TO gw_ingest;
