-- Orders end: one that is never answered expires, and a phone is told what is its task no longer (kind 'withdraw').
ALTER TABLE order_out
    DROP CONSTRAINT order_out_state_check,
    ADD CONSTRAINT order_out_state_check CHECK (state IN (
        'queued',       -- -> sent (the broker has it) | withdrawn (no longer due by then)
        'sent',         -- -> what the phone replies, only forward | queued (it never did, and is there again) | expired
        'delivered', 'read', 'accepted', 'refused', 'on_the_way', 'arrived', 'done', 'failed',
        'expired',      -- never answered -> what is replied late | queued (whoever was away is back) | withdrawn
        'withdrawn')),
    ADD COLUMN expired_at timestamptz;      -- when we first gave it up

-- Whether an order is still to be answered. A visit answers it, too: what counts is that the work is known of.
CREATE VIEW order_wanted AS
    SELECT o.district, o.order_id,
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
    LEFT JOIN clue_case c USING (district, clue_id);
GRANT SELECT ON order_wanted TO gw_ingest;

CREATE INDEX order_out_unanswered ON order_out (district, device_id)
    WHERE expired_at IS NOT NULL AND state IN ('queued', 'sent', 'expired');
-- The page of tasks looks for these.
CREATE INDEX order_out_failed ON order_out (district, task_id) WHERE state IN ('expired', 'refused', 'failed');

-- Orders about clues, too.
CREATE OR REPLACE VIEW scoped.order_out WITH (security_barrier) AS
    SELECT o.* FROM public.order_out o
    LEFT JOIN public.task t USING (district, task_id)
    LEFT JOIN public.clue_case c USING (district, clue_id)
    WHERE o.district = scoped.district() AND ((SELECT scoped.sees_all()) OR scoped.sees(coalesce(t.path, c.path)));
