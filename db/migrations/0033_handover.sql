-- Shift handover (交接班): who took over which unit when, and which incidents they were shown and confirmed.
CREATE TABLE handover (
    district    integer NOT NULL,
    handover_id text NOT NULL,              -- the order's
    path        text NOT NULL,              -- the org unit that was taken over
    actor       text NOT NULL,
    at          timestamptz NOT NULL,
    note        text NOT NULL,
    confirmed   text[] NOT NULL,            -- the incidents that they confirmed
    open        text[] NOT NULL,            -- those that were open then: one may have come while they read
    PRIMARY KEY (district, handover_id)
);
CREATE INDEX handover_at ON handover (district, at);
GRANT SELECT, INSERT ON handover TO gw_ingest;

CREATE VIEW scoped.handover WITH (security_barrier) AS
    SELECT * FROM public.handover
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
GRANT SELECT ON scoped.handover TO gw_dashboard;
