-- Telling people outside the screen: channels, which alerts go to which, and what has been told.

ALTER TABLE district ADD COLUMN lang text NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh', 'en'));  -- of what it is told

-- A channel's address holds secrets, so it is no row: GRIDWARD_DATA/channels/DISTRICT-CHANNEL (ingest/channel.py).
CREATE TABLE notify_channel (
    district  integer NOT NULL REFERENCES district,
    channel   text NOT NULL CHECK (channel ~ '^[A-Za-z0-9_-]{1,64}$'),
    name      text NOT NULL,
    tried_at  timestamptz,                  -- how it fares: kept by ingest/notifier.py
    failures  integer NOT NULL DEFAULT 0,   -- in a row, up to the last try
    error     text,                         -- the last try's, as a code: no address, no words of a server
    closed_at timestamptz,
    PRIMARY KEY (district, channel)
);

-- An alert goes to a channel if any of its open routes fits: as severe at least, of that rule, at or below that unit.
CREATE TABLE notify_route (
    district  integer NOT NULL,
    channel   text NOT NULL,
    rule      text NOT NULL DEFAULT '',     -- '': every rule
    path      text NOT NULL,                -- the district's for all of it
    severity  severity NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (district, channel, rule, path),
    FOREIGN KEY (district, channel) REFERENCES notify_channel
);

-- The outbox: one row for each step of an alert (its alert_event) and channel, written with the step.
CREATE TABLE notification (
    district     integer NOT NULL,
    channel      text NOT NULL,
    alert_id     text NOT NULL,
    event        text NOT NULL,
    at           timestamptz NOT NULL,      -- the event's
    severity     severity NOT NULL,         -- the alert's, after it
    path         text NOT NULL,             -- the alert's
    state        text NOT NULL DEFAULT 'queued' CHECK (state IN (
        'queued',   -- -> sending
        'sending',  -- -> sent | queued (it failed, or whoever was at it is gone: `leased_until`) | failed
        'sent',     -- at least once: killed after sending and before this, it is sent again
        'failed'    -- given up
    )),
    queued_at    timestamptz NOT NULL DEFAULT now(),
    tries        integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    message      text,                      -- what it was last sent in, with others of its channel
    sent_at      timestamptz,
    error        text,                      -- as the channel's
    PRIMARY KEY (district, channel, alert_id, event, at),
    FOREIGN KEY (district, channel) REFERENCES notify_channel
);
CREATE INDEX notification_waiting ON notification (district, channel) WHERE state IN ('queued', 'sending');
CREATE INDEX notification_queued ON notification (district, queued_at);

GRANT SELECT, INSERT, UPDATE ON notify_channel, notify_route, notification TO gw_ingest;

-- A message says findings in the words in which the screen does.
GRANT USAGE ON SCHEMA scoped TO gw_ingest;
GRANT EXECUTE ON FUNCTION scoped.worded TO gw_ingest;
GRANT SELECT ON scoped.check_item TO gw_ingest;

CREATE VIEW scoped.notify_channel WITH (security_barrier) AS
    SELECT * FROM public.notify_channel WHERE district = scoped.district();
CREATE VIEW scoped.notification WITH (security_barrier) AS
    SELECT * FROM public.notification
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
GRANT SELECT ON scoped.notify_channel, scoped.notification TO gw_dashboard;
