-- Who and what there is. Imports upsert and close (closed_at, valid_to); nothing is deleted.
-- `path` is the place in the org tree, '350211/01/02/03/05': bureau, station, squadron, section, grid.

CREATE TABLE district (
    district  integer PRIMARY KEY,          -- 6-digit region code
    name      text NOT NULL,
    name_en   text,
    tz        text NOT NULL DEFAULT 'Asia/Shanghai'
);

CREATE TABLE org_unit (
    district  integer NOT NULL REFERENCES district,
    path      text NOT NULL,
    depth     smallint NOT NULL,            -- 1 bureau ... 5 village grid
    name      text NOT NULL,
    name_en   text,
    level     text NOT NULL,                -- the level's name is data: 监管所, 中队, ...
    closed_at timestamptz,
    PRIMARY KEY (district, path)
);

CREATE TABLE grid (
    district  integer NOT NULL REFERENCES district,
    grid_id   text NOT NULL,
    path      text NOT NULL,
    name      text NOT NULL,
    name_en   text,
    geom      jsonb NOT NULL,               -- GeoJSON geometry, WGS-84
    closed_at timestamptz,
    PRIMARY KEY (district, grid_id)
);

CREATE TABLE worker (
    district  integer NOT NULL REFERENCES district,
    worker_id text NOT NULL,
    name      text NOT NULL,
    name_en   text,
    role      text NOT NULL CHECK (role IN ('worker', 'officer')),
    path      text NOT NULL,                -- the smallest unit that holds all their grids
    closed_at timestamptz,
    PRIMARY KEY (district, worker_id)
);

CREATE TABLE assignment (
    district   integer NOT NULL,
    worker_id  text NOT NULL,
    grid_id    text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz,
    PRIMARY KEY (district, worker_id, grid_id, valid_from),
    FOREIGN KEY (district, worker_id) REFERENCES worker,
    FOREIGN KEY (district, grid_id) REFERENCES grid
);

CREATE TABLE premises (
    district    integer NOT NULL REFERENCES district,
    premises_id text NOT NULL,
    name        text NOT NULL,
    licence_no  text,
    category    text NOT NULL,
    risk_grade  text CHECK (risk_grade IN ('A', 'B', 'C', 'D')),
    status      text NOT NULL DEFAULT 'in_business',
    address     text,
    tags        text[] NOT NULL DEFAULT '{}',
    lon         double precision NOT NULL,  -- WGS-84
    lat         double precision NOT NULL,
    raw_lon     double precision NOT NULL,  -- as imported, in `datum`
    raw_lat     double precision NOT NULL,
    datum       text NOT NULL,
    grid_id     text,                       -- null: outside every grid
    path        text NOT NULL,              -- the grid's; the district's when outside every grid
    closed_at   timestamptz,
    PRIMARY KEY (district, premises_id)
);
CREATE INDEX premises_grid ON premises (district, grid_id);

CREATE TABLE device (
    district  integer NOT NULL REFERENCES district,
    device_id text NOT NULL,
    kind      text NOT NULL,                -- the topic's kind
    name      text NOT NULL,
    worker_id text,                         -- who carries it
    lon       double precision,             -- where it is fixed, WGS-84
    lat       double precision,
    heading_deg real,
    datum     text NOT NULL DEFAULT 'WGS84',  -- of its messages that name none
    grid_id   text,
    path      text NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (district, device_id)
);

GRANT SELECT, INSERT, UPDATE ON district, org_unit, grid, worker, assignment, premises, device TO gw_ingest;
