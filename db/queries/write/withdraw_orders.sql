-- Orders that were given up and are no longer due are withdrawn.
UPDATE order_out o SET state = 'withdrawn'
FROM order_wanted w
WHERE o.district = %(district)s AND o.expired_at IS NOT NULL AND o.state = 'expired'
  AND w.district = o.district AND w.order_id = o.order_id AND NOT w.wanted;
