-- What people handle (处置事件): an incident gathers alerts. Its events are the truth (ingest/domain/incident_replay.py),
-- its row is how it stands after them; what its alerts say is counted from these.

CREATE TABLE incident (
    district      integer NOT NULL,
    incident_id   text NOT NULL,            -- its first alert's id
    rule          text NOT NULL,
    section       text NOT NULL,            -- the org unit in which storms of the rule are one incident
    path          text NOT NULL,            -- the first alert's
    grid_id       text,
    lon           double precision,
    lat           double precision,
    raised_at     timestamptz NOT NULL,     -- when the danger arose, by the facts
    opened_at     timestamptz NOT NULL,     -- when the centre could know; what people owe counts from here
    -- counted from its alerts
    alerts        integer NOT NULL,
    open_alerts   integer NOT NULL,
    subjects      integer NOT NULL,         -- about how many different ones
    last_alert_at timestamptz NOT NULL,
    facts_cleared_at timestamptz,           -- when the last of them was cleared; null: some are open
    -- what its events come to
    state         text NOT NULL DEFAULT 'raised' CHECK (state IN (
        'raised',       -- -> acknowledged | passed
        'acknowledged', -- -> dispatched
        'dispatched',   -- -> on_the_way | on_the_spot | acknowledged (all who were sent declined)
        'on_the_way',   -- -> on_the_spot
        'on_the_spot',  -- any of these -> resolved | false_alarm | merged
        'resolved',     -- these three -> acknowledged (reopened)
        'false_alarm',
        'passed',       -- nobody touched it and the facts cleared it
        'merged')),     -- into another, for good
    severity      severity NOT NULL,        -- the worst that any of its alerts had
    level         smallint NOT NULL,        -- whom it is up to: a depth of the org tree; escalation makes it smaller
    escalated_at  timestamptz,
    due_at        timestamptz,              -- until when the next step must have happened
    acknowledged_at timestamptz,            -- these instants are those of the first time
    acknowledged_by text,
    dispatched_at timestamptz,
    sent          jsonb NOT NULL DEFAULT '[]',  -- who was sent, by which order, how far they are (Sent in incident.py)
    on_the_way_at timestamptz,
    on_the_spot_at timestamptz,
    on_the_spot_by text,
    proved_at     timestamptz,              -- since when a position shows that somebody is there
    ended_at      timestamptz,
    ended_by      text,
    reason        text,
    merged_into   text,
    reopened      smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (district, incident_id)
);
CREATE INDEX incident_opened ON incident (district, opened_at);
CREATE INDEX incident_open ON incident (district, rule, section) WHERE ended_at IS NULL;
CREATE INDEX incident_due ON incident (district, due_at) WHERE ended_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX incident_cleared ON incident (district, facts_cleared_at)
    WHERE state = 'raised' AND facts_cleared_at IS NOT NULL;
-- Looked at with every batch of positions: the few to which somebody has been sent.
CREATE INDEX incident_sent ON incident (district) WHERE state IN ('dispatched', 'on_the_way', 'on_the_spot');

-- Every alert belongs to one incident; what rang before there were any was its own.
ALTER TABLE alert ADD COLUMN incident_id text;
UPDATE alert SET incident_id = alert_id;
ALTER TABLE alert ALTER COLUMN incident_id SET NOT NULL;
CREATE INDEX alert_incident ON alert (district, incident_id);
-- Whom or what it is about: a clue has an alert for each level that is called, 'clue:3f...:town'.
ALTER TABLE alert ADD COLUMN about text NOT NULL
    GENERATED ALWAYS AS (split_part(subject, ':', 1) || ':' || split_part(subject, ':', 2)) STORED;
CREATE INDEX alert_about ON alert (district, rule, about, (coalesce(cleared_at, 'infinity'::timestamptz)));

-- Beside what an alert says itself (raised, worsened, cleared), the steps of its incident, on the first alert.
ALTER TABLE alert_event
    ADD COLUMN actor text NOT NULL DEFAULT 'rules',     -- who did it
    ADD COLUMN cause text NOT NULL DEFAULT '',          -- the order's, the message's or the alert's id
    ADD COLUMN state text,                  -- of a step: the incident's state after it, as known when stored
    ADD COLUMN irregular text,              -- a code: why it did not count; as known when stored
    DROP CONSTRAINT alert_event_pkey,
    ADD PRIMARY KEY (district, alert_id, at, event, cause);

INSERT INTO incident (district, incident_id, rule, section, path, grid_id, lon, lat, raised_at, opened_at, alerts,
                      open_alerts, subjects, last_alert_at, facts_cleared_at, state, severity, level, ended_at, ended_by)
    SELECT district, alert_id, rule, array_to_string((string_to_array(path, '/'))[:4], '/'), path, grid_id, lon, lat,
           raised_at, created_at, 1, (cleared_at IS NULL)::integer, 1, raised_at, cleared_at,
           CASE WHEN cleared_at IS NULL THEN 'raised' ELSE 'passed' END, severity,
           least(4, array_length(string_to_array(path, '/'), 1)),
           CASE WHEN cleared_at IS NOT NULL THEN greatest(cleared_at, created_at) END,
           CASE WHEN cleared_at IS NOT NULL THEN 'facts' END
    FROM alert;
INSERT INTO alert_event (district, alert_id, at, event, actor, cause, params, state)
    SELECT district, incident_id, opened_at, 'opened', 'rules', incident_id, jsonb_build_object('severity', severity),
           'raised'
    FROM incident
    UNION ALL
    SELECT district, incident_id, ended_at, 'passed', 'facts', 'cleared', '{}', 'passed'
    FROM incident WHERE ended_at IS NOT NULL;

-- How many minutes a step of an incident may take before the next org level is called. Rows of district 0 are
-- everybody's; a district's own stand before them. An instant once given is not looked up here again.
CREATE TABLE escalation_rule (
    district   integer NOT NULL,            -- 0: everybody's
    severity   severity NOT NULL,
    step       text NOT NULL CHECK (step IN (
        'acknowledge',  -- raised -> somebody has taken it up
        'dispatch',     -- taken up -> somebody is sent
        'arrive')),     -- sent -> on the spot
    minutes    double precision NOT NULL CHECK (minutes > 0 AND minutes <= 10080),
    valid_from date NOT NULL,               -- from this day of the district on, until a newer one is
    closed_at  timestamptz,
    PRIMARY KEY (district, severity, step, valid_from)
);
INSERT INTO escalation_rule (district, severity, step, minutes, valid_from)
    SELECT 0, severity::severity, step, minutes, DATE '2000-01-01'
    FROM (VALUES ('general', 30), ('serious', 10), ('major', 2)) AS allowed (severity, minutes),
         unnest(ARRAY['acknowledge', 'dispatch', 'arrive']) AS step;

-- Orders to devices: `act` says what to do, `params` with what; for an incident, or for none. `kind` is the device's.
ALTER TABLE order_out
    ADD COLUMN incident_id text,
    ADD COLUMN act text,
    ADD COLUMN params jsonb NOT NULL DEFAULT '{}',
    DROP CONSTRAINT order_out_check,
    ADD CONSTRAINT order_out_about CHECK (num_nonnulls(task_id, clue_id, incident_id) <= 1
                                          AND num_nonnulls(task_id, clue_id, act) = 1);
CREATE INDEX order_out_incident ON order_out (district, incident_id) WHERE incident_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON incident, escalation_rule TO gw_ingest;

CREATE OR REPLACE VIEW scoped.alert WITH (security_barrier) AS
    SELECT * FROM public.alert
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
-- Whoever sees one of its alerts sees an incident.
CREATE VIEW scoped.incident WITH (security_barrier) AS
    SELECT * FROM public.incident i
    WHERE i.district = scoped.district()
      AND ((SELECT scoped.sees_all()) OR scoped.sees(i.path)
           OR EXISTS (SELECT FROM public.alert a
                      WHERE a.district = i.district AND a.incident_id = i.incident_id AND scoped.sees(a.path)));
CREATE VIEW scoped.alert_event WITH (security_barrier) AS
    SELECT e.* FROM public.alert_event e
    WHERE e.district = scoped.district()
      AND ((SELECT scoped.sees_all())
           OR EXISTS (SELECT FROM public.alert a
                      WHERE a.district = e.district AND a.alert_id = e.alert_id AND scoped.sees(a.path))
           OR e.state IS NOT NULL
              AND EXISTS (SELECT FROM public.alert a
                          WHERE a.district = e.district AND a.incident_id = e.alert_id AND scoped.sees(a.path)));
-- An order is seen by whoever sees what it is about; one about nothing else, by whoever sees its device.
CREATE OR REPLACE VIEW scoped.order_out WITH (security_barrier) AS
    SELECT o.* FROM public.order_out o
    LEFT JOIN public.task t USING (district, task_id)
    LEFT JOIN public.clue_case c USING (district, clue_id)
    LEFT JOIN public.incident i USING (district, incident_id)
    LEFT JOIN public.worker w ON w.district = o.district AND w.worker_id = o.device_id AND o.kind = 'worker'
    LEFT JOIN public.device d ON d.district = o.district AND d.device_id = o.device_id AND d.kind = o.kind
    WHERE o.district = scoped.district()
      AND ((SELECT scoped.sees_all()) OR scoped.sees(coalesce(t.path, c.path, i.path, w.path, d.path)));
CREATE VIEW scoped.escalation_rule WITH (security_barrier) AS
    SELECT * FROM public.escalation_rule WHERE district IN (0, scoped.district()) AND closed_at IS NULL;
GRANT SELECT ON scoped.incident, scoped.alert_event, scoped.escalation_rule TO gw_dashboard;
