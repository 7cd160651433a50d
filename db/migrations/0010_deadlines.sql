-- By when things are due: dated rules and days that differ from the State Council's calendar. Rows of
-- district 0 are everybody's; a district's own stand before them. A deadline once given is not looked up
-- here again, so that no change of a rule moves it.

CREATE TABLE deadline_rule (
    district     integer NOT NULL,          -- 0: everybody's
    step         text NOT NULL CHECK (step IN (
        'push',         -- licence data known -> on a worker's list
        'inspect',      -- on the list -> first visit
        'rectify',      -- found abnormal -> the trader has put it right, and is to be visited again
        'recheck',      -- found abnormal -> visited again
        'department',   -- result pushed to the department -> its feedback
        'clue',         -- clue routed to the department -> disposed
        'dispatch'      -- a level is called about a major clue -> it answers, or the next one is called
    )),
    category     text NOT NULL DEFAULT '',  -- of the task, or the clue's kind; '': all without a rule of their own
    working_days smallint CHECK (working_days BETWEEN 0 AND 366),
    hours        double precision CHECK (hours > 0 AND hours <= 8784),
    valid_from   date NOT NULL,             -- from this day of the district on, until a newer one is
    closed_at    timestamptz,
    PRIMARY KEY (district, step, category, valid_from),
    CHECK (num_nonnulls(working_days, hours) = 1)
);

-- The first four are the field's own; the others have not been read anywhere, and are ours.
INSERT INTO deadline_rule (district, step, working_days, hours, valid_from) VALUES
    (0, 'push', 5, NULL, '2000-01-01'),
    (0, 'inspect', 10, NULL, '2000-01-01'),
    (0, 'recheck', 10, NULL, '2000-01-01'),
    (0, 'department', 15, NULL, '2000-01-01'),
    (0, 'rectify', 5, NULL, '2000-01-01'),
    (0, 'clue', 15, NULL, '2000-01-01'),
    (0, 'dispatch', NULL, 0.5, '2000-01-01');

CREATE TABLE holiday (
    district  integer NOT NULL,             -- 0: everybody's
    day       date NOT NULL,
    working   boolean NOT NULL,             -- true: worked, though the calendar says free
    name      text,
    closed_at timestamptz,
    PRIMARY KEY (district, day)
);

GRANT SELECT, INSERT, UPDATE ON deadline_rule, holiday TO gw_ingest;

CREATE VIEW scoped.deadline_rule WITH (security_barrier) AS
    SELECT * FROM public.deadline_rule WHERE district IN (0, scoped.district()) AND closed_at IS NULL;
CREATE VIEW scoped.holiday WITH (security_barrier) AS
    SELECT * FROM public.holiday WHERE district IN (0, scoped.district()) AND closed_at IS NULL;
GRANT SELECT ON scoped.deadline_rule, scoped.holiday TO gw_dashboard;

-- How a deadline stands at `at`, as `lamp` in ingest/domain/deadline.py says it: red when late; yellow when
-- open and four fifths of the allowed time are over; else green.
CREATE FUNCTION scoped.lamp(started timestamptz, due timestamptz, at timestamptz, done timestamptz)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN coalesce(done, at) > due THEN 'red'
                WHEN done IS NULL AND (at - started) * 5 >= (due - started) * 4 THEN 'yellow'
                ELSE 'green' END
$$;
GRANT EXECUTE ON FUNCTION scoped.lamp TO gw_dashboard;
