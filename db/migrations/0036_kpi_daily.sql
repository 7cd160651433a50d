-- Indicators over years: what they count is kept by day, and the rows behind a unit lie together.

-- From when until when a task should be disposed (应处置, 0014), and its department should have fed back, written with
-- them. The day on which they fall due is one of their district's, which a generated column cannot look up: so the
-- time zone stands beside it.
ALTER TABLE task ADD COLUMN tz text NOT NULL DEFAULT 'Asia/Shanghai';
ALTER TABLE obligation
    ADD COLUMN category text,               -- the task's
    ADD COLUMN tz text NOT NULL DEFAULT 'Asia/Shanghai';
UPDATE task t SET tz = d.tz FROM district d WHERE d.district = t.district AND d.tz <> t.tz;
UPDATE obligation o SET category = t.category, tz = t.tz
    FROM task t WHERE (t.district, t.task_id) = (o.district, o.task_id);
-- Only now, as this writes the tables anew: without what was there before, which an index would have to hold, too.
ALTER TABLE task
    ADD COLUMN disposal_due_at timestamptz NOT NULL
        GENERATED ALWAYS AS (scoped.disposal_due(due_at, inspected_at, recheck_due_at)) STORED,
    ADD COLUMN owed_from timestamptz NOT NULL
        GENERATED ALWAYS AS (greatest(launched_at, least(done_at, date_trunc('day',
            scoped.disposal_due(due_at, inspected_at, recheck_due_at) AT TIME ZONE tz) AT TIME ZONE tz))) STORED,
    ADD COLUMN owed_until timestamptz GENERATED ALWAYS AS (least(suspended_at, cancelled_at)) STORED;
ALTER TABLE obligation
    ALTER COLUMN category SET NOT NULL,
    ADD COLUMN owed_from timestamptz NOT NULL
        GENERATED ALWAYS AS (greatest(pushed_at, least(replied_at, date_trunc('day', due_at AT TIME ZONE tz)
                                                                   AT TIME ZONE tz))) STORED;
CREATE OR REPLACE VIEW scoped.obligation WITH (security_barrier) AS
    SELECT * FROM public.obligation
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));

CREATE OR REPLACE VIEW scoped.task_owed WITH (security_barrier) AS
    SELECT task_id, path, category, premises_id, worker_id, state, done_by, launched_at, inspected_at, done_at,
           closed_at, rework, recheck_due_at, suspended_at, cancelled_at, disposal_due_at, owed_from, owed_until
    FROM public.task
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));

-- A unit's rows by themselves, with what indicators ask of them: without this those of a station are read from ten
-- thousand pages. Byte order, since that is what makes a prefix a range.
CREATE INDEX task_path ON task (district, path COLLATE "C")
    INCLUDE (task_id, category, launched_at, inspected_at, done_at, closed_at, rework, recheck_due_at, suspended_at,
             cancelled_at, disposal_due_at, owed_from, owed_until);
CREATE INDEX task_survey_path ON task (district, path COLLATE "C")
    INCLUDE (task_id, category, launched_at, inspected_at, cancelled_at) WHERE source = 'survey';
CREATE INDEX task_open ON task (district, path COLLATE "C") WHERE closed_at IS NULL;
CREATE INDEX obligation_path ON obligation (district, path COLLATE "C")
    INCLUDE (task_id, category, pushed_at, due_at, replied_at, owed_from);
CREATE INDEX clue_case_path ON clue_case (district, path COLLATE "C")
    INCLUDE (clue_id, kind, reported_at, routed_at, called_at, received_at, disposed_at, voided_at);
-- The same of one category, for which a district would be read through.
CREATE INDEX task_category_path ON task (district, category, path COLLATE "C")
    INCLUDE (launched_at, inspected_at, done_at, closed_at, rework, recheck_due_at, suspended_at, cancelled_at,
             disposal_due_at, owed_from, owed_until);
CREATE INDEX obligation_category_path ON obligation (district, category, path COLLATE "C")
    INCLUDE (pushed_at, due_at, replied_at, owed_from);
CREATE INDEX clue_case_kind_path ON clue_case (district, kind, path COLLATE "C")
    INCLUDE (reported_at, routed_at, called_at, received_at, disposed_at, voided_at);
-- And those behind a figure by when they began to count: the latest are shown.
CREATE INDEX task_owed ON task (district, owed_from);
CREATE INDEX task_owed_or_suspended ON task (district, least(owed_from, suspended_at));
CREATE INDEX task_suspended ON task (district, suspended_at) WHERE suspended_at IS NOT NULL;
CREATE INDEX task_recheck ON task (district, recheck_due_at)
    INCLUDE (task_id, path, category, inspected_at, done_at, owed_until) WHERE recheck_due_at IS NOT NULL;
CREATE INDEX task_launched ON task (district, launched_at);
CREATE INDEX obligation_feedback ON obligation (district, owed_from);
ANALYZE task, obligation;  -- or nobody knows of the new columns until autovacuum comes

-- Whether a path is that of `unit`, or below it.
CREATE FUNCTION scoped.is_below(path text, unit text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT path COLLATE "C" >= unit AND path COLLATE "C" < unit || '0'  -- the character after '/': a range of an index
       AND (path COLLATE "C" >= unit || '/' OR path = unit)
$$;

-- How many units stand on a path: 1 bureau, 2 station ...
CREATE FUNCTION scoped.depth_of(path text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT length(path) - length(replace(path, '/', '')) + 1 $$;

-- What the members of an indicator come to, kept by ingest with the tasks and clues that they are made from
-- (ingest/rollup.py). A row counts from `began` until `until` (excluded): so many of the members that began to count in
-- the denominator at `began` are then counted in the numerator, and in the denominator. Those of days that are over
-- have the beginning of their day as `began` and `until`; later ones the very instant. A member that enters the
-- numerator after a while is a row for ever, less a row until then. That is nobody's to add up but db/queries/frame's.
CREATE TABLE kpi_daily (
    district    integer NOT NULL,
    kpi         text NOT NULL,
    grain       text NOT NULL CHECK (grain IN (
        'unit',         -- by station: the first two units of the path
        'category')),   -- by category, of the whole district
    until       timestamptz NOT NULL,       -- infinity: for ever
    path        text NOT NULL,
    category    text NOT NULL,              -- '' where the grain is 'unit'
    began       timestamptz NOT NULL,
    numerator   integer NOT NULL,
    denominator integer NOT NULL,
    PRIMARY KEY (district, kpi, grain, until, path, category, began)
) WITH (fillfactor = 80);

-- Of which indicators that is so, and as which file's text they were counted: with another text, or in another time
-- zone, everything is counted anew. A migration that changes what a row of `task_owed` says empties this table.
CREATE TABLE kpi_kept (
    district   integer NOT NULL,
    kpi        text NOT NULL,
    digest     text NOT NULL,
    tz         text NOT NULL,
    exact_from timestamptz NOT NULL,        -- instants before this have been merged into days
    PRIMARY KEY (district, kpi)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON kpi_daily, kpi_kept TO gw_ingest;

CREATE VIEW scoped.kpi_daily WITH (security_barrier) AS
    SELECT kpi, grain, until, path, category, began, numerator, denominator FROM public.kpi_daily
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE VIEW scoped.kpi_kept WITH (security_barrier) AS
    SELECT k.kpi, k.digest FROM public.kpi_kept k JOIN public.district d USING (district, tz)
    WHERE k.district = scoped.district();
GRANT SELECT ON scoped.kpi_daily, scoped.kpi_kept TO gw_dashboard;

-- Ingest counts by the same files as the screen, so it sees the same views.
GRANT USAGE ON SCHEMA scoped TO gw_ingest;
GRANT SELECT ON ALL TABLES IN SCHEMA scoped TO gw_ingest;
ALTER DEFAULT PRIVILEGES IN SCHEMA scoped GRANT SELECT ON TABLES TO gw_ingest;

-- Whether kpi_daily can answer: it is kept by this text, has rows of that grain for the viewer and for units at
-- `depth` below `unit`, and each of `ends`, at which counting begins or ends, is a day's beginning or not before
-- today's.
CREATE FUNCTION scoped.is_kept(kpi text, digest text, grain text, unit text, depth integer, ends timestamptz[])
    RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM scoped.kpi_kept k WHERE (k.kpi, k.digest) = (is_kept.kpi, is_kept.digest))
       AND CASE grain
           WHEN 'unit' THEN greatest(scoped.depth_of(unit), depth,
                                     scoped.depth_of(current_setting('gridward.path', true))) <= 2
           WHEN 'category' THEN scoped.sees_all() AND scoped.depth_of(unit) = 1
           ELSE false END
       AND NOT EXISTS (SELECT FROM unnest(ends) AS at, scoped.district_info d
                       WHERE at < date_trunc('day', now(), d.tz) AND at <> date_trunc('day', at, d.tz))
$$;

-- An instant as kpi_daily has it: before `exact_from` the beginning of its day.
CREATE FUNCTION scoped.kept_at(at timestamptz, exact_from timestamptz, tz text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT CASE WHEN at < exact_from THEN date_trunc('day', at AT TIME ZONE tz) AT TIME ZONE tz ELSE at END $$;

-- From when on kpi_daily keeps instants as they are, now: from yesterday's beginning, so that whoever began to read
-- before midnight still finds today's.
CREATE FUNCTION scoped.exact_from(tz text) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT (date_trunc('day', now() AT TIME ZONE tz) - interval '1 day') AT TIME ZONE tz $$;

-- How members that began before `until` are looked at: as they stood when it came, or stand now.
CREATE FUNCTION scoped.as_of(until timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT least(until - interval '1 microsecond', now()) $$;
