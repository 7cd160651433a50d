-- Acts go down to devices: until when each may be begun, and every stage of it with its time.
ALTER TABLE district
    ADD COLUMN phone text,                  -- of the command centre, for those who are told to call it
    ADD COLUMN meeting_url text;            -- of its conference system, with {room} for the room's name

ALTER TABLE order_out ADD COLUMN expires_at timestamptz;    -- of an act; unanswered by then, it is given up
-- What had been queued before acts were sent is long over.
UPDATE order_out SET state = 'withdrawn', expires_at = queued_at WHERE act IS NOT NULL AND state = 'queued';

CREATE TABLE order_event (
    district  integer NOT NULL,
    order_id  text NOT NULL,
    stage     text NOT NULL CHECK (stage IN (
        'queued',       -- carried out by the lane, on its way to the broker
        'sent',         -- the broker has it; when it went out first
        'delivered', 'read', 'accepted', 'refused', 'on_the_way', 'arrived', 'done', 'failed',  -- by its device
        'expired',      -- given up; what is replied later still counts
        'withdrawn')),  -- not wanted any more
    at        timestamptz NOT NULL,         -- of a stage that is told again, the earliest
    text      text,                         -- what the device said with it
    PRIMARY KEY (district, order_id, stage)
);
GRANT SELECT, INSERT, UPDATE ON order_event TO gw_ingest;
INSERT INTO order_event (district, order_id, stage, at)
    SELECT district, order_id, stage, queued_at
    FROM order_out, unnest(ARRAY['queued', 'withdrawn']) AS stage
    WHERE act IS NOT NULL AND (stage = 'queued' OR state = 'withdrawn');

-- Looked at every second; there are few of each, however many orders.
CREATE INDEX order_out_act_waiting ON order_out (district, expires_at) WHERE act IS NOT NULL AND state IN ('queued', 'sent');
CREATE INDEX order_out_act_open ON order_out (district, incident_id)
    WHERE incident_id IS NOT NULL
      AND state IN ('queued', 'sent', 'delivered', 'read', 'accepted', 'on_the_way', 'arrived', 'expired');
-- What a device was told last.
CREATE INDEX order_out_act_device ON order_out (district, kind, device_id, queued_at) WHERE act IS NOT NULL;
-- Orders about tasks that go down again are sought among those that were given up, too.
DROP INDEX order_out_sent;
CREATE INDEX order_out_waiting ON order_out (district, sent_at) WHERE state IN ('sent', 'expired');

-- Every order about a task or a clue with what it is about, and whether it is still to be answered, in one look; it takes
-- the place of `order_wanted`, with which each was looked up twice. A visit answers an order, too: what counts is that
-- the work is known of.
CREATE VIEW order_standing AS
    SELECT o.district, o.order_id, o.kind, o.device_id, o.task_id, o.clue_id, o.state, o.tries, o.sent_at, o.expired_at,
           coalesce(t.premises_id, c.premises_id) AS premises_id, c.kind AS clue_kind,
           CASE o.kind
               WHEN 'worker' THEN t.state NOT IN ('done', 'cancelled') AND t.worker_id = o.device_id
                    AND coalesce(t.inspected_at < t.assigned_at, true)
               WHEN 'withdraw' THEN t.state = 'cancelled' OR t.worker_id IS DISTINCT FROM o.device_id
               WHEN 'department' THEN b.replied_at IS NULL AND b.department_id = o.device_id
               WHEN 'clue' THEN c.state IN ('routed', 'dispatched') AND c.department_id = o.device_id
           END IS TRUE AS wanted
    FROM order_out o
    LEFT JOIN task t USING (district, task_id)
    LEFT JOIN obligation b USING (district, task_id)
    LEFT JOIN clue_case c USING (district, clue_id)
    WHERE o.act IS NULL;
GRANT SELECT ON order_standing TO gw_ingest;
DROP VIEW order_wanted;

CREATE VIEW scoped.order_event WITH (security_barrier) AS
    SELECT e.* FROM public.order_event e
    WHERE e.district = scoped.district()
      AND ((SELECT scoped.sees_all())
           OR EXISTS (SELECT FROM scoped.order_out o WHERE o.district = e.district AND o.order_id = e.order_id));
GRANT SELECT ON scoped.order_event TO gw_dashboard;
