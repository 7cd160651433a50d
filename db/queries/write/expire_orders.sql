-- Give up orders that were sent and never answered: `patience` after the last of `tries`, and `away` after it was sent
-- to who has not been there since. Those that are no longer due by then are withdrawn.
WITH silent AS MATERIALIZED (
    SELECT o.order_id, w.wanted
    FROM order_out o JOIN order_wanted w USING (district, order_id)
    WHERE o.district = %(district)s AND o.state = 'sent' AND o.sent_at < %(now)s - %(patience)s::interval
      AND (o.tries >= %(tries)s OR o.sent_at < %(now)s - %(away)s::interval)
    ORDER BY o.sent_at
    LIMIT %(limit)s
), ended AS (
    UPDATE order_out o
    SET state = CASE WHEN s.wanted THEN 'expired' ELSE 'withdrawn' END,
        expired_at = coalesce(o.expired_at, CASE WHEN s.wanted THEN %(now)s END)
    FROM silent s
    WHERE o.district = %(district)s AND o.order_id = s.order_id
    RETURNING o.order_id, o.kind, o.device_id, o.task_id, o.state
)
SELECT order_id, kind, device_id, task_id FROM ended
WHERE state = 'expired' AND kind IN ('worker', 'department');
