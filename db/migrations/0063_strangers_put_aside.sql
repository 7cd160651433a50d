-- A stranger whom a district does not want to register is put aside by it; what is rejected before anybody knows whose it
-- is shows up beside them.

CREATE TABLE stranger_aside (
    district integer NOT NULL REFERENCES district,
    decoder  text NOT NULL,
    name     text NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    actor    text NOT NULL,
    PRIMARY KEY (district, decoder, name)
);
COMMENT ON TABLE stranger_aside IS 'strangers may be everybody''s (district 0), this is the district''s own opinion of them';
GRANT SELECT, INSERT, DELETE ON stranger_aside TO gw_ingest;

CREATE VIEW scoped.stranger_aside WITH (security_barrier) AS
    SELECT * FROM public.stranger_aside WHERE district = scoped.district() AND (SELECT scoped.sees_all());
CREATE VIEW scoped.rejected_foreign WITH (security_barrier) AS
    SELECT received_at, rejected_id, topic, reason, payload, bytes FROM public.rejected_message
    WHERE district = 0 AND (SELECT scoped.sees_all());
GRANT SELECT ON scoped.stranger_aside, scoped.rejected_foreign TO gw_dashboard;

-- What registering is to whom, this is.
INSERT INTO duty_rule (district, grade, act, list, valid_from)
    VALUES (0, 'assistant', 'put_aside_stranger', 'negative', DATE '2000-01-01');

CREATE OR REPLACE VIEW scoped.audit WITH (security_barrier) AS
    SELECT *, CASE WHEN act = 'look_at_track' THEN 'look'
                   WHEN act = 'export_list' THEN 'export'
                   WHEN act IN ('note_login', 'add_account', 'change_account', 'disable_account', 'enable_account',
                                'reset_account', 'end_sessions') THEN 'account'
                   WHEN act IN ('set_threshold', 'register_device', 'release_name', 'put_aside_stranger', 'import',
                                'load_modules', 'set_retention', 'add_channel', 'route_channel', 'close_channel', 'issue_key',
                                'revoke_key') THEN 'setting'
                   ELSE 'order' END AS kind
    FROM public.audit WHERE district = scoped.district() AND (SELECT scoped.sees_all());
