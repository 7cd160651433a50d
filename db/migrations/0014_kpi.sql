-- What the indicators in db/queries/kpi share, and which of several formulas a district has chosen.

-- By when a task is to be disposed (处置): by its deadline; and after a visit in time that found something, by
-- the re-check's. A visit that came late leaves the deadline that it missed.
CREATE FUNCTION scoped.disposal_due(due timestamptz, inspected timestamptz, recheck_due timestamptz)
    RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT CASE WHEN inspected <= due THEN greatest(due, recheck_due) ELSE due END $$;
GRANT EXECUTE ON FUNCTION scoped.disposal_due TO gw_dashboard;

-- 应处置, what the rates of tasks divide by: a task should be disposed from the day on which it falls due, in the
-- district's time, or from when it is disposed if that is earlier; until it is suspended (挂账) or cancelled. A
-- suspension that is over has never been, as far as rates go: the task should be disposed all the same.
CREATE VIEW scoped.task_owed WITH (security_barrier) AS
    SELECT t.task_id, t.path, t.category, t.premises_id, t.worker_id, t.state, t.done_by, t.launched_at,
           t.inspected_at, t.done_at, t.closed_at, t.rework, t.recheck_due_at, t.suspended_at, t.cancelled_at,
           t.disposal_due_at,
           greatest(t.launched_at, least(t.done_at, date_trunc('day', t.disposal_due_at, d.tz))) AS owed_from,
           least(t.suspended_at, t.cancelled_at) AS owed_until
    FROM (SELECT *, scoped.disposal_due(due_at, inspected_at, recheck_due_at) AS disposal_due_at
          FROM public.task) t
    JOIN public.district d USING (district)
    WHERE t.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(t.path));
GRANT SELECT ON scoped.task_owed TO gw_dashboard;

-- Cities differ in a denominator: then there is a file for each formula, and here is which one a district uses.
CREATE TABLE kpi_choice (
    district  integer NOT NULL REFERENCES district,
    indicator text NOT NULL,                -- as the files' header line `indicator` names it
    formula   text NOT NULL,                -- as their header line `formula` does
    closed_at timestamptz,
    PRIMARY KEY (district, indicator)
);
GRANT SELECT, INSERT, UPDATE ON kpi_choice TO gw_ingest;
CREATE VIEW scoped.kpi_choice WITH (security_barrier) AS
    SELECT * FROM public.kpi_choice WHERE district = scoped.district() AND closed_at IS NULL;
GRANT SELECT ON scoped.kpi_choice TO gw_dashboard;
