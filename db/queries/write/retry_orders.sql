-- Queue orders again that the broker had and nobody ever answered, to a phone when it is there: up to five times,
-- after 1, 4, 9 and 16 minutes. Who was away, and for whom the broker keeps nothing, so learns of them.
UPDATE order_out o SET state = 'queued'
FROM (SELECT s.order_id
      FROM order_out s LEFT JOIN worker_state w ON w.district = s.district AND w.worker_id = s.device_id
      WHERE s.district = %(district)s AND s.state = 'sent' AND s.sent_at < now() - interval '1 minute'
        AND s.tries < 5 AND s.sent_at < now() - s.tries * s.tries * interval '1 minute'
        AND (s.kind <> 'worker' OR w.online AND w.last_seen > now() - interval '2 minutes')
      ORDER BY s.sent_at
      LIMIT %(limit)s) silent
WHERE o.district = %(district)s AND o.order_id = silent.order_id;
