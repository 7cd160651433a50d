-- Accounts are ordered from the screen too, and an account of grade `department` has its department.
ALTER TABLE account ADD COLUMN department_id text; -- of its district; without one it may answer for none
ALTER TABLE account ADD CHECK (department_id IS NULL OR grade = 'department' AND district IS NOT NULL);

-- Upper and lower case are the same, also where two add an account at the same moment.
CREATE UNIQUE INDEX account_name ON account (lower(name));

-- Ingest gives rights and takes them, as it is ordered to by whoever may: nobody is ever renamed, deleted, or another worker's.
GRANT INSERT, UPDATE (district, path, roles, grade, department_id, password, must_change, failed, locked_until, disabled_at)
    ON account TO gw_ingest;
GRANT SELECT (account, ended_at, expires_at), UPDATE (ended_at) ON login_session TO gw_ingest;

CREATE OR REPLACE VIEW scoped.account AS
    SELECT name, district, path, roles, grade, worker_id, kiosk, password, must_change, identity, failed, locked_until,
           disabled_at, department_id
    FROM public.account;

-- Each account as lists show it: where it stands (a worker's, where the worker does), what it is, how it is, and who is in by it.
CREATE VIEW account_standing AS
    SELECT a.name, a.district, a.path, coalesce(w.path, nullif(a.path, ''), a.district::text) AS place, a.roles, a.grade,
           a.department_id, a.worker_id, a.identity, a.password IS NOT NULL AS has_password,
           CASE WHEN a.kiosk THEN 'kiosk' WHEN a.worker_id IS NOT NULL THEN 'worker' ELSE 'person' END AS kind,
           CASE WHEN a.disabled_at IS NOT NULL THEN 'disabled' WHEN a.locked_until > now() THEN 'locked'
                WHEN a.must_change THEN 'first_password' ELSE 'active' END AS state,
           a.locked_until, a.disabled_at, a.made_by, a.made_at, s.seen_at, coalesce(s.sessions, 0) AS sessions
    FROM account a
    LEFT JOIN worker w ON w.district = a.district AND w.worker_id = a.worker_id
    LEFT JOIN (
        SELECT account AS name, max(seen_at) AS seen_at,
               count(*) FILTER (WHERE ended_at IS NULL AND expires_at > now()) AS sessions
        FROM login_session GROUP BY account
    ) AS s ON s.name = a.name;

-- What of it is shown: nothing of passwords and identities, and nobody who stands above every district.
CREATE VIEW scoped.account_standing WITH (security_barrier) AS
    SELECT name, place, roles, grade, department_id, worker_id, has_password, kind, state, locked_until, disabled_at, made_by,
           made_at, seen_at, sessions
    FROM public.account_standing WHERE district = scoped.district() AND scoped.sees(place);
GRANT SELECT ON scoped.account_standing TO gw_dashboard;

-- What an order says is ingest's to read, and in the log: with it comes the hash of a first password, or a device's key.
DROP VIEW scoped.command;
CREATE VIEW scoped.command WITH (security_barrier) AS
    SELECT district, command_id, kind, actor, state, reason, queued_at, finished_at, place FROM public.command
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(place));
GRANT SELECT ON scoped.command TO gw_dashboard;

CREATE OR REPLACE VIEW scoped.audit WITH (security_barrier) AS
    SELECT *, CASE WHEN act = 'look_at_track' THEN 'look'
                   WHEN act = 'export_list' THEN 'export'
                   WHEN act IN ('note_login', 'add_account', 'change_account', 'disable_account', 'enable_account',
                                'reset_account', 'end_sessions') THEN 'account'
                   WHEN act IN ('set_threshold', 'register_device', 'release_name', 'import', 'load_modules', 'set_retention',
                                'add_channel', 'route_channel', 'close_channel', 'issue_key', 'revoke_key') THEN 'setting'
                   ELSE 'order' END AS kind
    FROM public.audit WHERE district = scoped.district() AND (SELECT scoped.sees_all());
