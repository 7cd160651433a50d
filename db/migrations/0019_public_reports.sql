-- What the public reports (12345 and other hotlines), and whether a patrol had found it before (漏报: it had not); and
-- what makes the archive of one premises quick to open.

-- A report that was made stays: one that is missing from a later file is left as it is.
CREATE TABLE public_report (
    district    integer NOT NULL REFERENCES district,
    report_id   text NOT NULL,
    reported_at timestamptz NOT NULL,
    kind        text NOT NULL,
    text        text NOT NULL,
    premises_id text,
    valid       boolean,                    -- null: nobody has judged it yet
    lon         double precision NOT NULL,  -- WGS-84
    lat         double precision NOT NULL,
    raw_lon     double precision NOT NULL,  -- as imported, or the premises', in `datum`
    raw_lat     double precision NOT NULL,
    datum       text NOT NULL,
    grid_id     text,
    path        text NOT NULL,              -- the grid's; the district's when outside every grid
    found_by    text CHECK (found_by IN ('clue', 'inspection')),  -- null: no patrol had found it (ingest/domain/patrol.py)
    found_id    text,                       -- the clue's or the inspection's
    found_at    timestamptz,
    PRIMARY KEY (district, report_id)
);
CREATE INDEX public_report_premises ON public_report (district, premises_id);
GRANT SELECT, INSERT, UPDATE ON public_report TO gw_ingest;

CREATE VIEW scoped.public_report WITH (security_barrier) AS
    SELECT * FROM public.public_report
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
GRANT SELECT ON scoped.public_report TO gw_dashboard;

CREATE INDEX inspection_premises ON inspection (district, premises_id, at);
CREATE INDEX task_premises ON task (district, premises_id);
CREATE INDEX clue_case_premises ON clue_case (district, premises_id);
CREATE INDEX alert_subject ON alert (district, subject);
CREATE INDEX receipt_number ON receipt (district, number) WHERE number IS NOT NULL;
