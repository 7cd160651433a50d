-- The risk grade of premises (风险等级) is rated by an order, too; until now it only came with an import.
ALTER TABLE premises
    ADD COLUMN risk_registered text CHECK (risk_registered IN ('A', 'B', 'C', 'D')),  -- as the last import had it
    ADD COLUMN rated_at timestamptz;        -- since when risk_grade is an order's; null: it is the register's
UPDATE premises SET risk_registered = risk_grade WHERE risk_grade IS NOT NULL;
CREATE OR REPLACE VIEW scoped.premises WITH (security_barrier) AS
    SELECT * FROM public.premises
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));

-- Whether a register that had `before` names no other grade by what it says now: the same one, or none.
CREATE FUNCTION no_other_grade(before text, now text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(now = before, now IS NULL)
$$;

-- How a grade came to be is told by the events of the archive.
ALTER TABLE premises_event DROP CONSTRAINT premises_event_event_check;
ALTER TABLE premises_event ADD CONSTRAINT premises_event_event_check CHECK (event IN (
    'registered',                           -- the register says this
    'delisted',                             -- it is no longer in the register's files
    'visited',                              -- a visit said this
    'found',                                -- a worker found premises, new or not, and said this
    'registered_as',                        -- what a worker had found is in the register by now
    'rated'));                              -- an order gave it this risk grade, for this reason
COMMENT ON COLUMN premises_event.actor IS 'a worker_id, import, or whose order it was';
COMMENT ON COLUMN premises_event.cause IS 'the message''s id, import, or the order''s id';

-- Who supervises rates; who assists does not.
INSERT INTO duty_rule (district, grade, act, list, valid_from)
    VALUES (0, 'assistant', 'rate_premises', 'negative', '2000-01-01');
