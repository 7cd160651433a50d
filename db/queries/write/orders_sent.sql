-- The broker has these orders now.
UPDATE order_out SET state = 'sent', sent_at = now(), tries = tries + 1
WHERE district = %(district)s AND order_id = ANY(%(ids)s) AND state = 'queued';
