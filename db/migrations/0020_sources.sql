-- Where tasks come from: new licence data, the base survey (摸底), the annual-report season. And what visits find
-- of premises: their archive is the register's word joined with the field's (ingest/domain/archive.py).

ALTER TABLE premises
    ADD COLUMN source text NOT NULL DEFAULT 'register' CHECK (source IN (
        'register',                         -- an import brought it
        'field')),                          -- a worker found it; no import closes it
    ADD COLUMN known_since timestamptz NOT NULL DEFAULT '2000-01-01',
    ADD COLUMN registered_on date,          -- as the register has it; null: not known
    ADD COLUMN recorded_at timestamptz,     -- since when it was known from records only; stays when it is verified
    ADD COLUMN verified_at timestamptz,     -- a worker said last how it is (in business, moved, ...)
    ADD COLUMN verified_by text,
    ADD COLUMN sign text,                   -- the name on the signboard
    ADD COLUMN phone text,
    ADD COLUMN registered_as text,          -- of one found by a worker: as which the register has it by now
    ADD COLUMN registered jsonb,            -- once a worker has said something: the register's own word (Register)
    ADD COLUMN seen jsonb;                  -- of each thing the last that workers said (Seen); null: nothing
ALTER TABLE premises ALTER COLUMN known_since SET DEFAULT now();
UPDATE premises SET recorded_at = now() WHERE status = 'recorded';
CREATE INDEX premises_recorded ON premises (district, premises_id) WHERE recorded_at IS NOT NULL;
CREATE INDEX premises_licence_no ON premises (district, licence_no) WHERE licence_no IS NOT NULL;

-- What workers reported as found, as they said it.
CREATE TABLE premises_found (
    district    integer NOT NULL,
    worker_id   text NOT NULL,
    ts          timestamptz NOT NULL,
    id          text NOT NULL,
    at          timestamptz NOT NULL,
    name        text NOT NULL,
    category    text NOT NULL,
    status      text NOT NULL,
    licence_no  text,
    address     text,
    phone       text,
    tags        text[] NOT NULL,
    photos      jsonb NOT NULL,
    lon         double precision NOT NULL,
    lat         double precision NOT NULL,
    raw_lon     double precision NOT NULL,
    raw_lat     double precision NOT NULL,
    datum       text NOT NULL,
    grid_id     text,
    accuracy_m  real,
    mock        boolean NOT NULL,
    hist        boolean NOT NULL,
    clock_off_s real,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (district, worker_id, ts, id)
);
ALTER TABLE inspection ADD COLUMN archive jsonb;    -- what the visit says of the premises themselves, as sent

-- Every change of premises, and every word about them: who, when, where from, what it changed, with what proof.
-- The first import leaves no row: it is what the first change of each says it was before.
CREATE TABLE premises_event (
    district    integer NOT NULL,
    premises_id text NOT NULL,
    at          timestamptz NOT NULL,       -- when it was so; the register's word: when it was imported
    event       text NOT NULL CHECK (event IN (
        'registered',                       -- the register says this
        'delisted',                         -- it is no longer in the register's files
        'visited',                          -- a visit said this
        'found',                            -- a worker found premises, new or not, and said this
        'registered_as')),                  -- what a worker had found is in the register by now
    actor       text NOT NULL,              -- a worker_id, or import
    cause       text NOT NULL,              -- the message's id, or import
    said        jsonb NOT NULL DEFAULT '{}',
    changes     jsonb NOT NULL DEFAULT '{}',    -- name -> [before, after], as known when stored
    evidence    jsonb NOT NULL DEFAULT '{}',    -- where the message came from, photos, task
    irregular   text,                       -- a code: what of it did not count, and why
    PRIMARY KEY (district, premises_id, at, event, cause)
);
CREATE INDEX premises_event_at ON premises_event (district, at);

-- Annual reports that have been filed, by the year that they are about.
CREATE TABLE annual_report (
    district    integer NOT NULL,
    premises_id text NOT NULL,
    year        smallint NOT NULL,
    filed       date NOT NULL,
    closed_at   timestamptz,
    PRIMARY KEY (district, premises_id, year)
);

-- When premises that have not filed are reminded at every visit: dated rules, as deadlines are.
CREATE TABLE season (
    district   integer NOT NULL,            -- 0: everybody's
    category   text NOT NULL,               -- of tasks about nothing else
    item       text NOT NULL,               -- the check item that reminds at other visits
    begins     text NOT NULL CHECK (begins ~ '^(\d\d-\d\d)?$'),  -- 03-01, of every year; '': there is none
    ends       text NOT NULL CHECK (ends ~ '^(\d\d-\d\d)?$'),    -- included
    valid_from date NOT NULL,
    closed_at  timestamptz,
    PRIMARY KEY (district, category, valid_from)
);
INSERT INTO season (district, category, item, begins, ends, valid_from)
    VALUES (0, 'annual_report', 'report_filed', '03-01', '06-30', '2000-01-01');

ALTER TABLE task_category ADD COLUMN launched_by text[] NOT NULL DEFAULT '{}';  -- licence, survey, season
ALTER TABLE task ADD COLUMN push_due_at timestamptz;    -- of new licence data: until then on somebody's list
CREATE INDEX task_survey ON task (district, premises_id) WHERE source = 'survey';
CREATE INDEX task_on_list ON task (district, worker_id) WHERE done_at IS NULL AND cancelled_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON annual_report, season TO gw_ingest;
GRANT SELECT, INSERT ON premises_found, premises_event TO gw_ingest;

CREATE OR REPLACE VIEW scoped.premises WITH (security_barrier) AS
    SELECT * FROM public.premises
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.task WITH (security_barrier) AS
    SELECT * FROM public.task
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.task_category WITH (security_barrier) AS
    SELECT * FROM public.task_category WHERE district = scoped.district();
CREATE OR REPLACE VIEW scoped.inspection WITH (security_barrier) AS
    SELECT i.* FROM public.inspection i JOIN public.worker w USING (district, worker_id)
    WHERE i.district = scoped.district() AND scoped.sees(w.path);
CREATE VIEW scoped.premises_event WITH (security_barrier) AS
    SELECT e.* FROM public.premises_event e JOIN public.premises p USING (district, premises_id)
    WHERE e.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(p.path));
CREATE VIEW scoped.annual_report WITH (security_barrier) AS
    SELECT r.* FROM public.annual_report r JOIN public.premises p USING (district, premises_id)
    WHERE r.district = scoped.district() AND r.closed_at IS NULL
      AND ((SELECT scoped.sees_all()) OR scoped.sees(p.path));
CREATE VIEW scoped.season WITH (security_barrier) AS
    SELECT s.* FROM public.season s
    WHERE s.district IN (0, scoped.district()) AND s.closed_at IS NULL
      AND EXISTS (SELECT FROM public.district WHERE district = scoped.district());
GRANT SELECT ON scoped.premises_event, scoped.annual_report, scoped.season TO gw_dashboard;
