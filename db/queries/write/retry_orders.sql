-- Queue orders about tasks and clues again that the broker had and nobody ever answered, to a phone when it is there:
-- `tries` times in all, after 1, 4, 9 ... minutes. Who was away, and for whom the broker keeps nothing, so learns of
-- them, even of those that were given up for that.
UPDATE order_out o SET state = 'queued'
FROM (SELECT s.order_id
      FROM order_out s LEFT JOIN worker_state w ON w.district = s.district AND w.worker_id = s.device_id
      WHERE s.district = %(district)s AND s.state IN ('sent', 'expired') AND s.act IS NULL
        AND s.sent_at < now() - interval '1 minute'
        AND s.tries < %(tries)s AND s.sent_at < now() - s.tries * s.tries * interval '1 minute'
        AND (s.kind NOT IN ('worker', 'withdraw') OR w.online AND w.last_seen > now() - interval '2 minutes')
      ORDER BY s.sent_at
      LIMIT %(limit)s) silent
WHERE o.district = %(district)s AND o.order_id = silent.order_id;
