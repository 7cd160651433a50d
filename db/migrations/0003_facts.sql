-- What happened. Keys hold the device's raw clock `ts`, so that a redelivered message finds itself;
-- queries use the corrected `at`. No foreign keys: a fact is kept whatever the registry thinks.

CREATE TABLE ping (
    district    integer NOT NULL,
    worker_id   text NOT NULL,
    ts          timestamptz NOT NULL,
    at          timestamptz NOT NULL,
    id          text NOT NULL,
    lon         double precision NOT NULL,  -- WGS-84
    lat         double precision NOT NULL,
    raw_lon     double precision NOT NULL,
    raw_lat     double precision NOT NULL,
    datum       text NOT NULL,              -- of the raw pair
    grid_id     text,
    in_own_grid boolean,
    accuracy_m  real,
    speed_kmh   real,
    heading_deg real,
    altitude_m  real,
    battery     real,
    provider    text,
    mock        boolean NOT NULL DEFAULT false,
    hist        boolean NOT NULL DEFAULT false,
    clock_off_s real,                       -- set when `at` was shifted
    received_at timestamptz NOT NULL,
    PRIMARY KEY (district, worker_id, ts)
);

CREATE TABLE inspection (
    district    integer NOT NULL,
    worker_id   text NOT NULL,
    ts          timestamptz NOT NULL,
    id          text NOT NULL,
    at          timestamptz NOT NULL,
    premises_id text NOT NULL,
    task_id     text,
    started     timestamptz NOT NULL,
    ended       timestamptz NOT NULL,
    result      text NOT NULL CHECK (result IN ('normal', 'abnormal')),
    severity    severity,                   -- of the worst finding
    items       jsonb NOT NULL,
    photos      jsonb NOT NULL,
    receipt_no  text,
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

CREATE TABLE clue (
    district    integer NOT NULL,
    worker_id   text NOT NULL,
    ts          timestamptz NOT NULL,
    id          text NOT NULL,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    severity    severity NOT NULL,
    text        text NOT NULL,
    industry    text,
    premises_id text,
    photos      jsonb NOT NULL,
    lon         double precision NOT NULL,
    lat         double precision NOT NULL,
    raw_lon     double precision NOT NULL,
    raw_lat     double precision NOT NULL,
    datum       text NOT NULL,
    grid_id     text,
    hist        boolean NOT NULL,
    clock_off_s real,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (district, worker_id, ts, id)
);

-- Cameras' and bodycams' events, a bodycam's positions (event 'position'), and workers' duty
-- ('duty_on', 'duty_off').
CREATE TABLE device_event (
    district    integer NOT NULL,
    device_id   text NOT NULL,
    ts          timestamptz NOT NULL,
    id          text NOT NULL,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    event       text NOT NULL,
    severity    severity,
    confidence  real,
    began       timestamptz,
    ended       timestamptz,
    snapshot    text,
    text        text,
    battery     real,
    lon         double precision,
    lat         double precision,
    raw_lon     double precision,
    raw_lat     double precision,
    datum       text,
    grid_id     text,
    hist        boolean NOT NULL,
    clock_off_s real,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (district, device_id, ts, id)
);

CREATE TABLE receipt (
    district      integer NOT NULL,
    device_id     text NOT NULL,
    ts            timestamptz NOT NULL,
    id            text NOT NULL,
    at            timestamptz NOT NULL,
    number        text,
    body          text NOT NULL,
    inspection_id text,
    hist          boolean NOT NULL,
    clock_off_s   real,
    received_at   timestamptz NOT NULL,
    PRIMARY KEY (district, device_id, ts, id)
);

-- A photo's bytes lie under GRIDWARD_DATA by their sha256; this is who sent them, first.
CREATE TABLE photo (
    district    integer NOT NULL,
    worker_id   text NOT NULL,
    sha256      text NOT NULL,
    bytes       integer NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (district, worker_id, sha256)
);

CREATE TABLE rejected_message (
    district    integer NOT NULL,           -- 0: unknown
    received_at timestamptz NOT NULL,
    rejected_id bigint GENERATED ALWAYS AS IDENTITY,
    topic       text NOT NULL,
    reason      text NOT NULL,              -- code, or 'code: detail'
    payload     bytea NOT NULL,             -- the first 64 KB
    bytes       integer NOT NULL,           -- the whole length
    PRIMARY KEY (district, received_at, rejected_id)
);

CREATE TABLE task_event (
    district  integer NOT NULL,
    task_id   text NOT NULL,
    at        timestamptz NOT NULL,
    event     text NOT NULL,                -- launched, inspected
    state     text NOT NULL,                -- the state after it
    actor     text NOT NULL,                -- a worker_id, or who placed the order
    cause     text NOT NULL,                -- the order's or the inspection's id
    PRIMARY KEY (district, task_id, at, event, cause)
);

CREATE TABLE alert_event (
    district  integer NOT NULL,
    alert_id  text NOT NULL,
    at        timestamptz NOT NULL,
    event     text NOT NULL,                -- raised, worsened, cleared
    params    jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (district, alert_id, at, event)
);

GRANT SELECT, INSERT ON ping, inspection, clue, device_event, receipt, photo, rejected_message,
    task_event, alert_event TO gw_ingest;
