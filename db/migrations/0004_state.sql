-- How things stand. Kept by ingest from facts and orders, in the facts' own transactions.

CREATE TABLE worker_state (
    district      integer NOT NULL,
    worker_id     text NOT NULL,
    at            timestamptz,              -- of the last position; moves only forward
    lon           double precision,
    lat           double precision,
    grid_id       text,
    in_own_grid   boolean,
    inside_at     timestamptz,              -- last seen in a grid of their own
    outside_since timestamptz,              -- first position outside since then; null: inside
    accuracy_m    real,
    speed_kmh     real,
    heading_deg   real,
    battery       real,
    mock          boolean,
    on_duty       boolean NOT NULL DEFAULT true,   -- no duty event yet: on duty
    duty_at       timestamptz,
    online        boolean,
    last_seen     timestamptz,              -- our clock, at the last live message
    PRIMARY KEY (district, worker_id)
);

CREATE TABLE device_state (
    district   integer NOT NULL,
    device_id  text NOT NULL,
    online     boolean,                     -- as it, or its will, last said; null: never said
    last_seen  timestamptz,                 -- our clock, at the last live message (a will is none)
    battery    real,
    firmware   text,
    last_event text,
    event_at   timestamptz,
    lon        double precision,            -- of a device that moves
    lat        double precision,
    grid_id    text,
    at         timestamptz,                 -- of that position; moves only forward
    PRIMARY KEY (district, device_id)
);

CREATE TABLE ping_hourly (
    district  integer NOT NULL,
    worker_id text NOT NULL,
    hour      timestamptz NOT NULL,
    pings     integer NOT NULL,
    inside    integer NOT NULL,             -- of these, in a grid of their own
    PRIMARY KEY (district, worker_id, hour)
);

CREATE TABLE task (
    district    integer NOT NULL,
    task_id     text NOT NULL,
    premises_id text NOT NULL,
    category    text NOT NULL,
    items       text[] NOT NULL DEFAULT '{}',
    grid_id     text,
    path        text NOT NULL,
    worker_id   text,                       -- who is to carry it out
    state       text NOT NULL CHECK (state IN (
        'launched',     -- -> done (inspected, normal) | rectifying (inspected, abnormal)
        'rectifying',   -- -> done (inspected again, normal) | rectifying (again abnormal: rework)
        'done'
    )),
    launched_at timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    inspected_at timestamptz,               -- the first visit
    done_at     timestamptz,
    done_by     text,                       -- the worker whose inspection closed it
    rework      integer NOT NULL DEFAULT 0,
    PRIMARY KEY (district, task_id)
);
CREATE INDEX task_due ON task (district, due_at);
CREATE INDEX task_done ON task (district, done_at);

CREATE TABLE alert (
    district   integer NOT NULL,
    alert_id   text NOT NULL,               -- made from rule, subject and raised_at: judged twice, stored once
    rule       text NOT NULL,
    subject    text NOT NULL,               -- 'worker:W001', 'device:C012', 'premises:P0001'
    severity   severity NOT NULL,
    params     jsonb NOT NULL DEFAULT '{}', -- what the page needs to say it in its language
    path       text NOT NULL,
    grid_id    text,
    lon        double precision,
    lat        double precision,
    raised_at  timestamptz NOT NULL,        -- when it became true, by the facts
    created_at timestamptz NOT NULL DEFAULT now(),
    cleared_at timestamptz,                 -- null: open
    PRIMARY KEY (district, alert_id)
);
-- One open alert a rule and subject: what goes on does not ring twice.
CREATE UNIQUE INDEX alert_open ON alert (district, rule, subject) WHERE cleared_at IS NULL;
CREATE INDEX alert_raised ON alert (district, raised_at);

CREATE TABLE command (
    district    integer NOT NULL,
    command_id  text NOT NULL,
    kind        text NOT NULL,
    payload     jsonb NOT NULL,
    actor       text NOT NULL,
    state       text NOT NULL DEFAULT 'queued' CHECK (state IN (
        'queued',   -- -> done | refused
        'done',
        'refused'   -- `reason` says why
    )),
    reason      text,
    queued_at   timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (district, command_id)
);
CREATE INDEX command_queued ON command (district, queued_at) WHERE state = 'queued';

-- One row an ingest process: what `gridward status` and the screen know of it.
CREATE TABLE ingest_state (
    district   integer PRIMARY KEY,
    instance   text NOT NULL,
    started_at timestamptz NOT NULL,
    beat_at    timestamptz NOT NULL,
    connected  boolean NOT NULL,            -- to the broker
    last_fact_at timestamptz,               -- our clock, at the newest stored batch
    lag_s      real                         -- from arrival to commit, of the newest batch's oldest message
);

GRANT SELECT, INSERT, UPDATE ON worker_state, device_state, ping_hourly, task, alert, command, ingest_state
    TO gw_ingest;
