-- What workers said, by phone, about visits of theirs that are doubted.
CREATE TABLE visit_appeal (
    district    integer NOT NULL,
    worker_id   text NOT NULL,
    ts          timestamptz NOT NULL,       -- as the phone sent it; with id the message's key
    id          text NOT NULL,
    at          timestamptz NOT NULL,
    visit_id    text NOT NULL,              -- the id of the visit's message
    text        text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (district, worker_id, ts, id)
);
CREATE INDEX visit_appeal_visit ON visit_appeal (district, worker_id, visit_id);
GRANT SELECT, INSERT ON visit_appeal TO gw_ingest;

CREATE VIEW scoped.visit_appeal WITH (security_barrier) AS
    SELECT a.* FROM public.visit_appeal a JOIN public.worker w USING (district, worker_id)
    WHERE a.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(w.path));
GRANT SELECT ON scoped.visit_appeal TO gw_dashboard;
