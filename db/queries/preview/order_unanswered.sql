-- When somebody had left an act unanswered for so long, and when none of theirs was any more: answered, withdrawn, or,
-- for no incident, an hour later. Other orders, whose patience is no threshold, are left out.
-- over: all
WITH acts AS MATERIALIZED (
    SELECT CASE WHEN o.kind IN ('worker', 'department') THEN o.kind ELSE 'device' END || ':' || o.device_id || ':act'
               AS subject,
           o.kind, o.device_id, o.act, o.incident_id, o.order_id,
           o.queued_at + %(act_minutes)s * interval '1 minute' AS began,
           coalesce(least(e.ended, CASE WHEN o.incident_id IS NULL THEN
                              o.queued_at + %(act_minutes)s * interval '1 minute' + interval '1 hour' END),
                    'infinity') AS ended
    FROM order_out o
    LEFT JOIN LATERAL (SELECT min(at) AS ended FROM order_event e
                       WHERE e.district = o.district AND e.order_id = o.order_id
                         AND e.stage NOT IN ('queued', 'sent', 'expired')) e ON true
    WHERE o.district = %(district)s AND o.act <> 'stand_down'
      AND o.queued_at > %(since)s::timestamptz - interval '1 day' AND o.queued_at <= %(until)s
),
-- Acts that were unanswered together are one silence.
late AS (
    SELECT *, max(ended) OVER (PARTITION BY subject ORDER BY began, order_id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM acts WHERE ended > began
),
silences AS (
    SELECT *, count(*) FILTER (WHERE before IS NULL OR before < began) OVER (PARTITION BY subject ORDER BY began, order_id)
               AS number
    FROM late
)
SELECT began AS now, subject, kind, device_id, began AS expired_at, act, incident_id
FROM silences
WHERE (before IS NULL OR before < began) AND began > %(since)s AND began <= %(until)s
UNION ALL
SELECT max(ended), subject, min(kind), min(device_id), NULL, NULL, NULL
FROM silences
GROUP BY subject, number
HAVING max(ended) > %(since)s AND max(ended) <= %(until)s
ORDER BY now;
