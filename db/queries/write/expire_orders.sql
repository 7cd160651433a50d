-- Give up orders about tasks and clues that were sent and never answered: `patience` after the last of `tries`, and
-- `away` after it was sent to who has not been there since. Those that are no longer due by then are withdrawn.
WITH silent AS MATERIALIZED (
    SELECT order_id, wanted
    FROM order_standing
    WHERE district = %(district)s AND state = 'sent' AND sent_at < %(now)s - %(patience)s::interval
      AND (tries >= %(tries)s OR sent_at < %(now)s - %(away)s::interval)
    ORDER BY sent_at
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
