-- The broker has these orders, which went out `at` that instant. Whoever is quick may have answered before we know.
WITH sent AS (
    UPDATE order_out SET state = CASE state WHEN 'queued' THEN 'sent' ELSE state END, sent_at = %(at)s, tries = tries + 1
    WHERE district = %(district)s AND order_id = ANY(%(ids)s)
    RETURNING district, order_id, act
)
INSERT INTO order_event (district, order_id, stage, at)
SELECT district, order_id, 'sent', %(at)s FROM sent WHERE act IS NOT NULL
ON CONFLICT DO NOTHING;
