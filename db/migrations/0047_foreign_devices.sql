-- Devices that speak a protocol of their own: which decoder their topics go to, and whose they are.

-- The protocols, as ingest found their decoders when it started: for pages, which do not know them.
CREATE TABLE protocol (
    decoder   text PRIMARY KEY,
    kinds     text[] NOT NULL,              -- what its devices may be registered as, the likeliest first
    acts      text[] NOT NULL,              -- what they can be told to do
    closed_at timestamptz
);

-- Topics -> decoder. Rows of district 0 are everybody's, written from the decoders' own; ingest started with
-- GRIDWARD_FOREIGN=1 listens to these, and every ingest to those of its districts.
CREATE TABLE foreign_route (
    district  integer NOT NULL,
    filter    text NOT NULL,                -- of MQTT, with + and #
    decoder   text NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (district, filter)
);

-- Whose messages they are: the name that a device has in its protocol -> the device, or the worker whose phone it is.
CREATE TABLE foreign_name (
    district  integer NOT NULL REFERENCES district,
    decoder   text NOT NULL,
    name      text NOT NULL,
    kind      text NOT NULL,                -- worker, or of the device
    device_id text NOT NULL,                -- or worker_id
    datum     text,                         -- of its messages that name none; null: as the device has it, else WGS84
    tz        text,                         -- of its clock, where it names no zone; null: the district's
    key       text,                         -- what it seals its messages with
    by_file   boolean NOT NULL,             -- an import closes only what an import has brought
    reply_to  text,                         -- where it listens, as it was heard last
    closed_at timestamptz,
    PRIMARY KEY (district, decoder, name)
);
CREATE UNIQUE INDEX foreign_name_owner ON foreign_name (decoder, name) WHERE closed_at IS NULL;
CREATE INDEX foreign_name_device ON foreign_name (district, kind, device_id) WHERE closed_at IS NULL;

ALTER TABLE device ADD COLUMN by_file boolean NOT NULL DEFAULT true;

-- Who speaks, and is registered nowhere. `district` is that of the route, 0: everybody's.
CREATE TABLE stranger (
    district  integer NOT NULL,
    decoder   text NOT NULL,
    name      text NOT NULL,
    topic     text NOT NULL,                -- of the latest message
    first_at  timestamptz NOT NULL,         -- our clock
    last_at   timestamptz NOT NULL,
    messages  bigint NOT NULL,
    bytes     bigint NOT NULL,
    PRIMARY KEY (district, decoder, name)
);
-- What they said, until they are registered: then it is taken in as if it came then.
CREATE TABLE quarantine (
    district    integer NOT NULL,
    decoder     text NOT NULL,
    name        text NOT NULL,
    id          text NOT NULL,              -- of its bytes: the same again is kept once
    received_at timestamptz NOT NULL,
    topic       text NOT NULL,
    payload     bytea NOT NULL,
    retain      boolean NOT NULL,
    PRIMARY KEY (district, decoder, name, id)
);
CREATE INDEX quarantine_age ON quarantine (received_at);

-- Messages of types that no decoder has words for: how many of each, and the latest.
CREATE TABLE other_message (
    district  integer NOT NULL,
    decoder   text NOT NULL,
    name      text NOT NULL,
    type      text NOT NULL,
    messages  bigint NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    topic     text NOT NULL,
    payload   bytea NOT NULL,               -- the first 64 KB
    PRIMARY KEY (district, decoder, name, type)
);

-- The last messages of each device as they came, and what was made of them: `slot` goes round.
CREATE TABLE device_message (
    district    integer NOT NULL,
    kind        text NOT NULL,
    device_id   text NOT NULL,
    slot        smallint NOT NULL,
    received_at timestamptz NOT NULL,
    topic       text NOT NULL,
    payload     bytea NOT NULL,             -- the first 4 KB
    bytes       integer NOT NULL,           -- the whole length
    said        jsonb NOT NULL,             -- an array of facts, or of why there is none
    PRIMARY KEY (district, kind, device_id, slot)
);

ALTER TABLE device_state
    ADD COLUMN storage     real,            -- how full, in percent
    ADD COLUMN clock_off_s real;            -- how far behind ours its clock was when it last spoke live; 0: right

GRANT SELECT, INSERT, UPDATE ON protocol, foreign_route, foreign_name, stranger, other_message, device_message
    TO gw_ingest;
GRANT SELECT, INSERT, DELETE ON quarantine TO gw_ingest;
GRANT DELETE ON stranger, device_message TO gw_ingest;

CREATE OR REPLACE VIEW scoped.device WITH (security_barrier) AS
    SELECT * FROM public.device
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE OR REPLACE VIEW scoped.device_state WITH (security_barrier) AS
    SELECT s.* FROM public.device_state s JOIN public.device d USING (district, device_id)
    WHERE s.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(d.path));
CREATE VIEW scoped.protocol AS SELECT * FROM public.protocol WHERE closed_at IS NULL;
-- Without the key, which no page needs.
CREATE VIEW scoped.foreign_name WITH (security_barrier) AS
    SELECT n.district, n.decoder, n.name, n.kind, n.device_id, n.datum, n.tz, n.key IS NOT NULL AS has_key, n.by_file,
           n.reply_to
    FROM public.foreign_name n
    LEFT JOIN public.device d ON d.district = n.district AND d.device_id = n.device_id AND n.kind <> 'worker'
    LEFT JOIN public.worker w ON w.district = n.district AND w.worker_id = n.device_id AND n.kind = 'worker'
    WHERE n.closed_at IS NULL AND n.district = scoped.district() AND scoped.sees(coalesce(d.path, w.path));
-- Who is registered nowhere is nobody's yet, and so for those who see a whole district.
CREATE VIEW scoped.stranger WITH (security_barrier) AS
    SELECT * FROM public.stranger WHERE district IN (0, scoped.district()) AND (SELECT scoped.sees_all());
CREATE VIEW scoped.quarantine WITH (security_barrier) AS
    SELECT * FROM public.quarantine WHERE district IN (0, scoped.district()) AND (SELECT scoped.sees_all());
CREATE VIEW scoped.other_message WITH (security_barrier) AS
    SELECT * FROM public.other_message WHERE district IN (0, scoped.district()) AND (SELECT scoped.sees_all());
CREATE VIEW scoped.device_message WITH (security_barrier) AS
    SELECT m.* FROM public.device_message m
    LEFT JOIN public.device d ON d.district = m.district AND d.device_id = m.device_id AND m.kind <> 'worker'
    LEFT JOIN public.worker w ON w.district = m.district AND w.worker_id = m.device_id AND m.kind = 'worker'
    WHERE m.district = scoped.district() AND scoped.sees(coalesce(d.path, w.path));
GRANT SELECT ON scoped.protocol, scoped.foreign_name, scoped.stranger, scoped.quarantine, scoped.other_message,
    scoped.device_message TO gw_dashboard;

-- What goes on is one event, whose end is told later.
GRANT UPDATE (ended, confidence) ON device_event TO gw_ingest;
-- Asked for with every message about what goes on; beside a bodycam's positions there is little of it.
CREATE INDEX device_event_lasting ON device_event (district, device_id, ts) WHERE began IS NOT NULL;
