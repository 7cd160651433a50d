-- Who may log in to the screen, where in the org tree they stand, and what they may do (docs/accounts.md).
CREATE TABLE account (
    name         text PRIMARY KEY,           -- what one logs in with, and what orders say: 'screen:' || name
    district     integer,                    -- null: whichever the screen shows, the whole of it
    path         text NOT NULL DEFAULT '',   -- their place; '': the whole district
    roles        text[] NOT NULL,            -- look, operate, manage, audit, administer
    grade        text NOT NULL,              -- assistant, officer, department: whose duty list and negative list apply
    worker_id    text,                       -- they see this worker's own page, and nothing else
    kiosk        boolean NOT NULL DEFAULT false, -- a wall: only looks, and stays logged in
    password     text,                       -- argon2id; null: they come by the identity provider only
    must_change  boolean NOT NULL DEFAULT true, -- the password was given to them
    identity     text UNIQUE,                -- who they are to the identity provider: its `sub`, or an e-mail address it verified
    failed       integer NOT NULL DEFAULT 0, -- wrong passwords since the last right one
    locked_until timestamptz,
    made_by      text NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT now(),
    disabled_at  timestamptz,
    CHECK (path = '' OR district IS NOT NULL),
    CHECK (worker_id IS NULL OR district IS NOT NULL)
);

-- A browser that somebody logged in with. Of its token only the hash is here.
CREATE TABLE login_session (
    token_hash bytea PRIMARY KEY,            -- SHA-256
    account    text NOT NULL REFERENCES account ON UPDATE CASCADE,
    began_at   timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(), -- by the minute
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,                  -- logged out, or put out
    by_identity boolean NOT NULL DEFAULT false -- by the identity provider: whether a password must be changed is nothing to it
);
CREATE INDEX login_session_account ON login_session (account) WHERE ended_at IS NULL;

-- The dashboard looks at accounts, but may not give anybody a right or a place.
GRANT SELECT ON account TO gw_ingest;
CREATE VIEW scoped.account AS
    SELECT name, district, path, roles, grade, worker_id, kiosk, password, must_change, identity, failed, locked_until,
           disabled_at FROM public.account;
CREATE VIEW scoped.login_session AS SELECT * FROM public.login_session;
GRANT SELECT, UPDATE (password, must_change, failed, locked_until) ON scoped.account TO gw_dashboard;
GRANT SELECT, INSERT, UPDATE (seen_at, ended_at) ON scoped.login_session TO gw_dashboard;

-- 职责清单 and 负面清单: what accounts of a grade may do (nothing but what is on its duty list, if it has one in force), and
-- what they may not, whatever their roles. Dated, like every rule of a district.
CREATE TABLE duty_rule (
    district   integer NOT NULL,
    grade      text NOT NULL,                -- assistant, officer, department
    act        text NOT NULL,                -- an order's kind, or with what it is about: 'void_clue', 'void_clue:major'
    list       text NOT NULL CHECK (list IN ('duty', 'negative')),
    valid_from date NOT NULL,
    valid_to   date,                         -- the first day on which it is no longer; null: open
    PRIMARY KEY (district, grade, act, valid_from)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON duty_rule TO gw_ingest;
CREATE VIEW scoped.duty_rule WITH (security_barrier) AS
    SELECT * FROM public.duty_rule WHERE district = scoped.district();
GRANT SELECT ON scoped.duty_rule TO gw_dashboard;
