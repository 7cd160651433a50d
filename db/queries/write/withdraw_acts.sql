-- Withdraw acts whose incident is over, or goes on without whom they are for, unless they have been carried out or
-- refused; and queue the word of it, to be begun until `until`: nobody knows what has got there.
WITH over AS (
    UPDATE order_out o SET state = 'withdrawn'
    FROM incident i
    WHERE o.district = %(district)s AND o.incident_id IS NOT NULL
      AND o.state IN ('queued', 'sent', 'delivered', 'read', 'accepted', 'on_the_way', 'arrived', 'expired')
      AND i.district = o.district AND i.incident_id = o.incident_id
      AND (i.ended_at IS NOT NULL
           OR NOT i.sent @> jsonb_build_array(jsonb_build_object('order_id', o.order_id)))
    RETURNING o.district, o.order_id, o.kind, o.device_id,
              CASE WHEN i.ended_at IS NULL THEN 'released' ELSE 'ended' END AS reason
), told AS (
    INSERT INTO order_out (district, order_id, kind, device_id, act, params, queued_at, expires_at)
    SELECT district, left(encode(sha256((order_id || '|stand_down')::bytea), 'hex'), 24), kind, device_id, 'stand_down',
           jsonb_build_object('withdrawn', order_id, 'reason', reason), %(now)s, %(until)s
    FROM over
    ON CONFLICT DO NOTHING
    RETURNING district, order_id
)
INSERT INTO order_event (district, order_id, stage, at)
SELECT district, order_id, 'withdrawn', %(now)s FROM over
UNION ALL
SELECT district, order_id, 'queued', %(now)s FROM told
ON CONFLICT DO NOTHING;
