-- What alert rules measure by. A rule declares its parameters in its file, which gives them their defaults; rows say
-- otherwise, from an instant on. Rows of district 0 are everybody's; a district's own stand before them. A changed
-- value is another row: who set it, and when, is the row.

CREATE TABLE threshold (
    district   integer NOT NULL,            -- 0: everybody's
    name       text NOT NULL,               -- rule.parameter: 'left_grid.minutes'
    value      double precision NOT NULL,
    unit       text NOT NULL,               -- as the rule declares it; in another one the row is passed over
    valid_from timestamptz NOT NULL,        -- from this instant on, until a newer one is
    actor      text NOT NULL,
    set_at     timestamptz NOT NULL DEFAULT now(),
    closed_at  timestamptz,
    PRIMARY KEY (district, name, valid_from)
);

-- What the rules declare, as ingest found it in their files when it started: for pages, which do not know the rules.
CREATE TABLE alert_rule (
    rule        text PRIMARY KEY,
    place       smallint NOT NULL,          -- in the rules' order
    previewed   boolean NOT NULL,           -- whether it can be played over the facts of the past
    closed_at   timestamptz
);
CREATE TABLE alert_parameter (
    name        text PRIMARY KEY,
    rule        text NOT NULL REFERENCES alert_rule,
    place       smallint NOT NULL,
    value       double precision NOT NULL,  -- by default
    unit        text NOT NULL,
    low         double precision NOT NULL,
    high        double precision NOT NULL,
    closed_at   timestamptz
);

-- Until when, by our clock at their arrival, a rule that looks at each fact once has looked at them.
CREATE TABLE rule_mark (
    district  integer NOT NULL,
    rule      text NOT NULL,
    until     timestamptz NOT NULL,
    looked_at timestamptz NOT NULL,
    PRIMARY KEY (district, rule)
);
GRANT SELECT, INSERT, UPDATE ON threshold, alert_rule, alert_parameter, rule_mark TO gw_ingest;

CREATE VIEW scoped.threshold WITH (security_barrier) AS
    SELECT * FROM public.threshold WHERE district IN (0, scoped.district()) AND closed_at IS NULL;
CREATE VIEW scoped.alert_rule WITH (security_barrier) AS
    SELECT * FROM public.alert_rule WHERE closed_at IS NULL;
CREATE VIEW scoped.alert_parameter WITH (security_barrier) AS
    SELECT * FROM public.alert_parameter WHERE closed_at IS NULL;
GRANT SELECT ON scoped.threshold, scoped.alert_rule, scoped.alert_parameter TO gw_dashboard;

-- By how much a phone's clock was off when it last reported live; 0: it is believed.
ALTER TABLE worker_state ADD COLUMN clock_off_s real;

-- Tasks that are awaited, by when they are to be disposed of; ingest asks as the figures do.
GRANT USAGE ON SCHEMA scoped TO gw_ingest;
GRANT EXECUTE ON FUNCTION scoped.disposal_due TO gw_ingest;
CREATE INDEX task_awaited ON task (district, scoped.disposal_due(due_at, inspected_at, recheck_due_at))
    WHERE state NOT IN ('done', 'cancelled', 'suspended');

-- The visits of a grid that found something; visits and receipts in the order of their arrival, and each by what the
-- other calls it.
CREATE INDEX inspection_abnormal ON inspection (district, grid_id, at) WHERE coalesce(outcome, result) = 'abnormal';
CREATE INDEX inspection_received ON inspection USING brin (received_at);
CREATE INDEX inspection_id ON inspection (district, worker_id, id);
CREATE INDEX inspection_receipt ON inspection (district, worker_id, receipt_no) WHERE receipt_no IS NOT NULL;
CREATE INDEX receipt_received ON receipt USING brin (received_at);
CREATE INDEX receipt_inspection ON receipt (district, device_id, inspection_id) WHERE inspection_id IS NOT NULL;

-- Licences by their last day.
CREATE INDEX licence_ends ON licence (district, valid_to) WHERE closed_at IS NULL;
