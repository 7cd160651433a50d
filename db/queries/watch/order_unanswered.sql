-- Of each whose alert is not open, the order that was given up first of those that are still to be answered; and the
-- open alerts of which none is. Acts ring apart from the rest, and, when they are for no incident, for an hour.
WITH silent AS MATERIALIZED (
    SELECT DISTINCT ON (1, 2) CASE kind WHEN 'clue' THEN 'department' ELSE kind END AS kind, device_id,
           expired_at, task_id, clue_id, clue_kind, premises_id
    FROM order_standing
    WHERE district = %(district)s AND expired_at IS NOT NULL AND state IN ('queued', 'sent', 'expired')
      AND wanted AND kind <> 'withdraw'
    ORDER BY 1, 2, expired_at, task_id, clue_id
),
acts AS MATERIALIZED (
    SELECT DISTINCT ON (1, 2) kind, device_id, expired_at, act, incident_id
    FROM order_out
    WHERE district = %(district)s AND expired_at IS NOT NULL AND state = 'expired' AND act <> 'stand_down'
      AND (incident_id IS NOT NULL OR expired_at > %(now)s - interval '1 hour')
    ORDER BY 1, 2, expired_at, order_id
),
every AS (
    SELECT kind || ':' || device_id AS subject, kind, device_id, expired_at, task_id, clue_id, clue_kind, premises_id,
           NULL AS act, NULL AS incident_id
    FROM silent
    UNION ALL
    SELECT CASE WHEN kind IN ('worker', 'department') THEN kind ELSE 'device' END || ':' || device_id || ':act',
           kind, device_id, expired_at, NULL, NULL, NULL, NULL, act, incident_id
    FROM acts
),
open AS MATERIALIZED (
    SELECT subject FROM alert WHERE district = %(district)s AND rule = %(rule)s AND cleared_at IS NULL
)
SELECT e.*, false AS is_open FROM every e WHERE e.subject NOT IN (SELECT subject FROM open)
UNION ALL
SELECT subject, split_part(subject, ':', 1), split_part(subject, ':', 2), NULL, NULL, NULL, NULL, NULL, NULL, NULL, true
FROM open WHERE subject NOT IN (SELECT subject FROM every);
