-- The closed loop: a task's events are the truth (ingest/domain/replay.py), its row is how it stands after them.

ALTER TABLE task_event
    ADD COLUMN params jsonb NOT NULL DEFAULT '{}',  -- result, deadlines given, reason ... (Details in task.py)
    ADD COLUMN irregular text;              -- a code: why it did not count, or what is odd; as known when stored

ALTER TABLE task
    DROP CONSTRAINT task_state_check,
    ADD CONSTRAINT task_state_check CHECK (state IN (
        'launched',     -- -> assigned
        'assigned',     -- -> received
        'received',     -- -> inspecting
        'inspecting',   -- any of these -> done (visited, normal) | rectifying (visited, abnormal)
        'rectifying',   -- -> recheck_due
        'recheck_due',  -- either -> done (visited again, normal) | rectifying (again abnormal: rework)
        'suspended',    -- any of the above -> and back to `resumes_to`
        'done',         -- disposed; `closed_at` when the department has followed up too
        'cancelled')),
    ADD COLUMN source text NOT NULL DEFAULT 'order',    -- order, import, licence, season, survey
    ADD COLUMN due_provisional boolean NOT NULL DEFAULT false,  -- holidays were not known; settled when they are
    ADD COLUMN assigned_at timestamptz,
    ADD COLUMN received_at timestamptz,     -- the phone said so
    ADD COLUMN started_at timestamptz,      -- the worker was there
    ADD COLUMN rectify_due_at timestamptz,  -- until then the trader has time; then the re-check is due
    ADD COLUMN recheck_due_at timestamptz,
    ADD COLUMN recheck_provisional boolean NOT NULL DEFAULT false,
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN suspended_reason text,
    ADD COLUMN resumes_to text,             -- the state below a suspension
    ADD COLUMN cancelled_at timestamptz,
    ADD COLUMN closed_at timestamptz;       -- done, and the department's obligation, if any, fulfilled
CREATE INDEX task_rectify ON task (district, rectify_due_at) WHERE state = 'rectifying';
CREATE INDEX task_provisional ON task (district, task_id)
    WHERE (due_provisional OR recheck_provisional) AND done_at IS NULL AND cancelled_at IS NULL;

-- 部门跟进: the first result of a task is pushed to the department concerned, which owes its feedback.
CREATE TABLE obligation (
    district      integer NOT NULL,
    task_id       text NOT NULL,
    department_id text NOT NULL,
    path          text NOT NULL,            -- the task's
    pushed_at     timestamptz NOT NULL,
    due_at        timestamptz,
    due_provisional boolean NOT NULL DEFAULT false,
    replied_at    timestamptz,
    reply         text,
    PRIMARY KEY (district, task_id)
);
CREATE INDEX obligation_owed ON obligation (district, department_id, due_at) WHERE replied_at IS NULL;
CREATE INDEX obligation_provisional ON obligation (district, task_id) WHERE due_provisional AND replied_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON obligation TO gw_ingest;

-- What goes down to phones and departments: written with the task, sent until the broker has it, then told by replies.
CREATE TABLE order_out (
    district      integer NOT NULL,
    order_id      text NOT NULL,
    task_id       text NOT NULL,
    kind          text NOT NULL,            -- for whom: 'worker' (inspect) | 'department' (follow up)
    device_id     text NOT NULL,
    state         text NOT NULL DEFAULT 'queued' CHECK (state IN (
        'queued',       -- -> sent (the broker has it) | withdrawn (the task is over, or another's, by then)
        'sent',         -- -> what the phone replies, only forward | queued (it never did, and is there again)
        'delivered', 'read', 'accepted', 'refused', 'on_the_way', 'arrived', 'done', 'failed',
        'withdrawn')),
    queued_at     timestamptz NOT NULL,
    sent_at       timestamptz,
    tries         smallint NOT NULL DEFAULT 0,
    replied_at    timestamptz,
    reply         text,
    PRIMARY KEY (district, order_id)
);
CREATE INDEX order_out_queued ON order_out (district, queued_at) WHERE state = 'queued';
CREATE INDEX order_out_sent ON order_out (district, sent_at) WHERE state = 'sent';
CREATE INDEX order_out_task ON order_out (district, task_id);
GRANT SELECT, INSERT, UPDATE ON order_out TO gw_ingest;

-- Visits that came before their task was launched are found by it.
CREATE INDEX inspection_task ON inspection (district, task_id) WHERE task_id IS NOT NULL;

-- What there is already: its events learn what they meant, and what had been done was closed by that.
UPDATE task_event SET params = jsonb_build_object('result', CASE state WHEN 'done' THEN 'normal' ELSE 'abnormal' END)
    WHERE event = 'inspected';
INSERT INTO task_event (district, task_id, at, event, state, actor, cause, params)
    SELECT e.district, e.task_id, e.at, 'assigned', 'assigned', e.actor, e.cause,
           jsonb_build_object('worker_id', t.worker_id)
    FROM task t JOIN task_event e USING (district, task_id)
    WHERE e.event = 'launched' AND t.worker_id IS NOT NULL;
UPDATE task SET closed_at = done_at, assigned_at = CASE WHEN worker_id IS NOT NULL THEN launched_at END,
                state = CASE WHEN state = 'launched' AND worker_id IS NOT NULL THEN 'assigned' ELSE state END;

CREATE OR REPLACE VIEW scoped.task WITH (security_barrier) AS
    SELECT * FROM public.task
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE VIEW scoped.obligation WITH (security_barrier) AS
    SELECT * FROM public.obligation
    WHERE district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(path));
CREATE VIEW scoped.task_event WITH (security_barrier) AS
    SELECT e.* FROM public.task_event e JOIN public.task t USING (district, task_id)
    WHERE e.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(t.path));
CREATE VIEW scoped.order_out WITH (security_barrier) AS
    SELECT o.* FROM public.order_out o JOIN public.task t USING (district, task_id)
    WHERE o.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(t.path));
GRANT SELECT ON scoped.obligation, scoped.task_event, scoped.order_out TO gw_dashboard;
