-- The oldest orders by which phones learn that a task is theirs no longer, as they go down. Those that are no longer
-- due are withdrawn themselves: the task has been given back.
WITH looked_at AS MATERIALIZED (
    SELECT n.order_id, n.device_id, n.task_id,
           CASE t.state WHEN 'cancelled' THEN 'cancelled' ELSE 'reassigned' END AS reason,
           t.state = 'cancelled' OR t.worker_id IS DISTINCT FROM n.device_id AS wanted
    FROM (SELECT district, order_id, task_id, device_id FROM order_out
          WHERE district = %(district)s AND state = 'queued' AND kind = 'withdraw'
          ORDER BY queued_at LIMIT %(limit)s) n
    JOIN task t USING (district, task_id)
), withdrawn AS (
    UPDATE order_out o SET state = 'withdrawn'
    FROM looked_at n
    WHERE o.district = %(district)s AND o.order_id = n.order_id AND NOT n.wanted
)
SELECT order_id, 'withdraw' AS kind, device_id, task_id, reason FROM looked_at WHERE wanted;
