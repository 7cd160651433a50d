-- Orders about tasks and clues that were given up and are no longer due are withdrawn.
UPDATE order_out o SET state = 'withdrawn'
FROM (SELECT order_id FROM order_standing
      WHERE district = %(district)s AND expired_at IS NOT NULL AND state = 'expired' AND NOT wanted) s
WHERE o.district = %(district)s AND o.order_id = s.order_id;
