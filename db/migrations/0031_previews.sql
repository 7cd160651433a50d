-- What a threshold would have meant: asked for by an order, whose id it has, and played by ingest over the facts of the
-- last days, beside its lane.
CREATE TABLE preview (
    district    integer NOT NULL,
    preview_id  text NOT NULL,
    name        text NOT NULL,              -- rule.parameter
    value       double precision NOT NULL,
    days        smallint NOT NULL,
    actor       text NOT NULL,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    state       text NOT NULL DEFAULT 'queued' CHECK (state IN (
        'queued',   -- -> running
        'running',  -- -> done | failed
        'done',
        'failed')),
    done        real NOT NULL DEFAULT 0,    -- of the work, 0 to 1
    value_now   double precision,           -- in force when it was played
    alerts      integer,                    -- that there would have been
    alerts_now  integer,                    -- with the value in force
    share       real,                       -- of all subjects that were looked at; below 1 the counts are estimates
    by_day      jsonb,                      -- [[day, alerts, alerts_now], ...], estimates alike
    finished_at timestamptz,
    PRIMARY KEY (district, preview_id)
);
CREATE INDEX preview_waiting ON preview (asked_at) WHERE state IN ('queued', 'running');
GRANT SELECT, INSERT, UPDATE ON preview TO gw_ingest;
CREATE VIEW scoped.preview WITH (security_barrier) AS
    SELECT * FROM public.preview WHERE district = scoped.district() AND (SELECT scoped.sees_all());
GRANT SELECT ON scoped.preview TO gw_dashboard;
