-- Queue acts again that the broker has had for as long as `again` and nobody has answered.
UPDATE order_out SET state = 'queued'
WHERE district = %(district)s AND act IS NOT NULL AND state = 'sent' AND expires_at > %(now)s
  AND sent_at < %(now)s - %(again)s::interval;
