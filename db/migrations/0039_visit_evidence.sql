-- How far visits can be believed (ingest/domain/evidence.py): one row a visit, weighed some minutes after it, and again
-- when something late is heard of its time.
CREATE TABLE visit_evidence (
    district    integer NOT NULL,
    worker_id   text NOT NULL,
    ts          timestamptz NOT NULL,       -- with id the key of its row in `inspection`
    id          text NOT NULL,
    premises_id text NOT NULL,
    category    text,                       -- the task's; null: a patrol's
    grid_id     text,
    started     timestamptz NOT NULL,
    ended       timestamptz NOT NULL,
    lon         double precision NOT NULL,
    lat         double precision NOT NULL,
    raw_lon     double precision NOT NULL,
    raw_lat     double precision NOT NULL,
    off_m       real NOT NULL,
    due_at      timestamptz,                -- when to weigh it; null: it has been
    truth       smallint CHECK (truth BETWEEN 0 AND 100),   -- percent
    verdicts    jsonb,                      -- what each test said, the weightiest first
    weighed_at  timestamptz,
    times       smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (district, worker_id, ts, id)
) WITH (fillfactor = 70);
CREATE INDEX visit_evidence_due ON visit_evidence (district, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX visit_evidence_worker ON visit_evidence (district, worker_id, ended);
CREATE INDEX visit_evidence_grid ON visit_evidence (district, grid_id, ended);
CREATE INDEX visit_evidence_spot ON visit_evidence (district, raw_lon, raw_lat);
CREATE INDEX visit_evidence_usual ON visit_evidence (district, category, ended);
CREATE INDEX visit_evidence_ended ON visit_evidence (district, ended);
CREATE INDEX visit_evidence_weighed ON visit_evidence (district, weighed_at) WHERE truth IS NOT NULL;

-- Which visits a photo was given as proof of.
CREATE TABLE photo_use (
    district    integer NOT NULL,
    sha256      text NOT NULL,
    worker_id   text NOT NULL,
    id          text NOT NULL,
    premises_id text NOT NULL,
    ended       timestamptz NOT NULL,
    PRIMARY KEY (district, sha256, worker_id, id)
);
-- What photos say themselves of when and where they were taken (EXIF); those that say nothing are not here.
CREATE TABLE photo_exif (
    district integer NOT NULL,
    sha256   text NOT NULL,
    at       timestamptz,
    lon      double precision,              -- WGS-84
    lat      double precision,
    PRIMARY KEY (district, sha256)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON visit_evidence TO gw_ingest;
GRANT SELECT, INSERT ON photo_use, photo_exif TO gw_ingest;

CREATE VIEW scoped.visit_evidence WITH (security_barrier) AS
    SELECT e.* FROM public.visit_evidence e JOIN public.worker w USING (district, worker_id)
    WHERE e.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path));
GRANT SELECT ON scoped.visit_evidence TO gw_dashboard;

-- Below how many percent a visit is doubted now: the threshold of the rule visit_doubtful.
CREATE FUNCTION scoped.doubtful_below() RETURNS double precision LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT value FROM scoped.threshold WHERE name = 'visit_doubtful.percent' AND valid_from <= now()
         ORDER BY (district > 0) DESC, valid_from DESC LIMIT 1),
        (SELECT value FROM scoped.alert_parameter WHERE name = 'visit_doubtful.percent'), 35)
$$;
GRANT EXECUTE ON FUNCTION scoped.doubtful_below TO gw_dashboard;
CREATE INDEX alert_visit ON alert (district, subject) WHERE rule = 'visit_doubtful';
