-- The oldest orders that the broker has not got yet, as they go down. Those that are no longer due are withdrawn
-- instead: the task is over, or another's, by now; the department has replied.
WITH oldest AS MATERIALIZED (
    SELECT district, order_id, task_id, kind, device_id
    FROM order_out
    WHERE district = %(district)s AND state = 'queued' AND task_id IS NOT NULL
    ORDER BY queued_at
    LIMIT %(limit)s
), looked_at AS MATERIALIZED (
    SELECT n.order_id, n.kind, n.device_id, t.task_id, t.premises_id, t.category, t.items,
           (extract(epoch FROM CASE n.kind WHEN 'worker' THEN t.due_at ELSE o.due_at END) * 1000)::bigint AS due,
           CASE n.kind WHEN 'worker' THEN t.state NOT IN ('done', 'cancelled') AND t.worker_id = n.device_id
                ELSE o.replied_at IS NULL AND o.department_id = n.device_id END IS TRUE AS wanted
    FROM oldest n JOIN task t USING (district, task_id) LEFT JOIN obligation o USING (district, task_id)
), withdrawn AS (
    UPDATE order_out o SET state = 'withdrawn'
    FROM looked_at n
    WHERE o.district = %(district)s AND o.order_id = n.order_id AND NOT n.wanted
)
SELECT order_id, kind, device_id, task_id, premises_id, category, items, due FROM looked_at WHERE wanted;
