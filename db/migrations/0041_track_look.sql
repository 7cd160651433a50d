-- Who looked at whose track: one row a look and worker. Kept for ever, as what proves the work is.
CREATE TABLE track_look (
    district  integer NOT NULL,
    look_id   text NOT NULL,                -- the order's
    worker_id text NOT NULL,
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    about     text NOT NULL CHECK (about IN ('visit', 'task')),
    id        text NOT NULL,                -- of the task, or 'worker:message' of the visit
    since     timestamptz NOT NULL,         -- the visits around which it was shown: the first one's beginning
    until     timestamptz NOT NULL,         -- and the last one's end
    PRIMARY KEY (district, look_id, worker_id)
);
CREATE INDEX track_look_at ON track_look (district, at DESC);
GRANT SELECT, INSERT ON track_look TO gw_ingest;

CREATE VIEW scoped.track_look WITH (security_barrier) AS
    SELECT l.* FROM public.track_look l JOIN public.worker w USING (district, worker_id)
    WHERE l.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path));
GRANT SELECT ON scoped.track_look TO gw_dashboard;
