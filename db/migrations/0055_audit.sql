-- Who did what, one row each, every row with the hash of the one before (docs/audit.md). Nothing in these tables can be
-- changed or deleted, by whichever role; ingest alone adds to them, in its lane, so that a district's rows have one order.
CREATE TABLE audit (
    district integer NOT NULL,
    number   bigint NOT NULL,               -- 1, 2, 3 and so on, without a gap
    at       timestamptz NOT NULL,          -- when it was done, or came
    actor    text NOT NULL,                 -- as orders have it; of an inspection the worker
    act      text NOT NULL,                 -- an order's kind, or a deed's: 'look_at_track', 'export', 'set_retention'
    subject  text NOT NULL,                 -- 'task:T1', 'visit:W1:m7', 'threshold:left_grid.minutes'
    params   jsonb NOT NULL,
    prev     bytea NOT NULL,                -- the hash of the row before; zeros: this is the first
    hash     bytea NOT NULL,
    PRIMARY KEY (district, number)
);
CREATE INDEX audit_visit ON audit (district, subject) WHERE act = 'inspection';
CREATE INDEX audit_deed ON audit (district, number DESC) WHERE act <> 'inspection';

-- How far the log had come when a day of the district was over, signed; and when an authority says that it has seen that.
CREATE TABLE audit_root (
    district  integer NOT NULL,
    day       date NOT NULL,
    number    bigint NOT NULL,              -- 0: there was no row yet
    hash      bytea NOT NULL,
    signature bytea NOT NULL,               -- Ed25519
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (district, day)
);
CREATE TABLE audit_stamp (
    district   integer NOT NULL,
    day        date NOT NULL,
    stamped_at timestamptz NOT NULL,        -- the authority's clock
    response   bytea NOT NULL,              -- RFC 3161, DER
    PRIMARY KEY (district, day)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DO $$
DECLARE one text;
BEGIN
    FOREACH one IN ARRAY ARRAY['audit', 'audit_root', 'audit_stamp'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', one);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON audit, audit_root, audit_stamp TO gw_ingest;

-- The log of a district is for those who see all of it: what was done to a section may have been done from above.
CREATE VIEW scoped.audit WITH (security_barrier) AS
    SELECT *, CASE WHEN act = 'look_at_track' THEN 'look'
                   WHEN act = 'export_list' THEN 'export'
                   WHEN act IN ('set_threshold', 'register_device', 'release_name', 'import', 'load_modules', 'set_retention',
                                'add_channel', 'route_channel', 'close_channel', 'issue_key', 'revoke_key') THEN 'setting'
                   ELSE 'order' END AS kind
    FROM public.audit WHERE district = scoped.district() AND (SELECT scoped.sees_all());
CREATE VIEW scoped.audit_root WITH (security_barrier) AS
    SELECT r.*, s.stamped_at FROM public.audit_root r LEFT JOIN public.audit_stamp s USING (district, day)
    WHERE r.district = scoped.district() AND (SELECT scoped.sees_all());
GRANT SELECT ON scoped.audit, scoped.audit_root TO gw_dashboard;
