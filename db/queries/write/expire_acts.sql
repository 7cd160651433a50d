-- Give up acts that nobody has answered by the time until which they may be begun.
WITH ended AS (
    UPDATE order_out SET state = 'expired', expired_at = %(now)s
    WHERE district = %(district)s AND act IS NOT NULL AND state IN ('queued', 'sent') AND expires_at <= %(now)s
    RETURNING district, order_id
)
INSERT INTO order_event (district, order_id, stage, at)
SELECT district, order_id, 'expired', %(now)s FROM ended
ON CONFLICT DO NOTHING;
