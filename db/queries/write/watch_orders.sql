-- Orders that were given up and are still to be answered. Those that are no longer due are withdrawn instead.
WITH silent AS MATERIALIZED (
    SELECT o.order_id, o.kind, o.device_id, o.task_id, o.clue_id, o.expired_at, o.state, w.wanted
    FROM order_out o JOIN order_wanted w USING (district, order_id)
    WHERE o.district = %(district)s AND o.expired_at IS NOT NULL AND o.state IN ('queued', 'sent', 'expired')
), withdrawn AS (
    UPDATE order_out o SET state = 'withdrawn'
    FROM silent s
    WHERE o.district = %(district)s AND o.order_id = s.order_id AND s.state = 'expired' AND NOT s.wanted
)
SELECT CASE s.kind WHEN 'clue' THEN 'department' ELSE s.kind END AS kind, s.device_id, s.task_id, s.clue_id,
       coalesce(t.premises_id, c.premises_id) AS premises_id, c.kind AS clue_kind, s.expired_at
FROM silent s
LEFT JOIN task t ON t.district = %(district)s AND t.task_id = s.task_id
LEFT JOIN clue_case c ON c.district = %(district)s AND c.clue_id = s.clue_id
WHERE s.wanted AND s.kind <> 'withdraw';
