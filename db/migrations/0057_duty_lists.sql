-- What assistants and departments may do where a district has no list of its own for them: rows of district 0. Nobody's
-- order sets the risk grade of premises: it comes by import.
INSERT INTO duty_rule (district, grade, act, list, valid_from)
    SELECT 0, 'assistant', act, 'negative', DATE '2000-01-01'
    FROM unnest(ARRAY['suspend_task', 'cancel_task', 'set_threshold', 'register_device', 'release_name',
                      'void_clue:major', 'reply_clue:major', 'resolve_incident:major']) AS act
    UNION ALL
    SELECT 0, 'department', act, 'duty', DATE '2000-01-01'
    FROM unnest(ARRAY['reply_clue', 'record_reply', 'comment_incident']) AS act;

-- An import ends what is no longer in its file; nothing is deleted.
REVOKE DELETE ON duty_rule FROM gw_ingest;

CREATE OR REPLACE VIEW scoped.duty_rule WITH (security_barrier) AS
    SELECT * FROM public.duty_rule WHERE district IN (0, scoped.district());

-- Whoever decides by these words knows no others.
ALTER TABLE account
    ADD CHECK (grade IN ('assistant', 'officer', 'department')),
    ADD CHECK (roles <@ ARRAY['look', 'operate', 'manage', 'audit', 'administer']);
ALTER TABLE duty_rule ADD CHECK (grade IN ('assistant', 'officer', 'department'));
