-- Of each whose alert is not open, the order that was given up first of those that are still to be answered; and the
-- open alerts of which none is.
WITH silent AS MATERIALIZED (
    SELECT DISTINCT ON (1, 2) CASE o.kind WHEN 'clue' THEN 'department' ELSE o.kind END AS kind, o.device_id,
           o.expired_at, o.task_id, o.clue_id
    FROM order_out o JOIN order_wanted w USING (district, order_id)
    WHERE o.district = %(district)s AND o.expired_at IS NOT NULL AND o.state IN ('queued', 'sent', 'expired')
      AND w.wanted AND o.kind <> 'withdraw'
    ORDER BY 1, 2, o.expired_at, o.task_id, o.clue_id
),
open AS MATERIALIZED (
    SELECT subject FROM alert WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
SELECT s.kind, s.device_id, s.expired_at, s.task_id, s.clue_id, c.kind AS clue_kind,
       coalesce(t.premises_id, c.premises_id) AS premises_id, false AS is_open
FROM silent s
LEFT JOIN task t ON t.district = %(district)s AND t.task_id = s.task_id
LEFT JOIN clue_case c ON c.district = %(district)s AND c.clue_id = s.clue_id
WHERE s.kind || ':' || s.device_id NOT IN (SELECT subject FROM open)
UNION ALL
SELECT split_part(subject, ':', 1), split_part(subject, ':', 2), NULL, NULL, NULL, NULL, NULL, true
FROM open WHERE subject NOT IN (SELECT kind || ':' || device_id FROM silent);
