-- The risk grade of premises `premises_id`, and whether they are no longer registered; locked until the transaction ends.
SELECT risk_grade, closed_at IS NOT NULL AS closed
FROM premises WHERE district = %(district)s AND premises_id = %(premises_id)s
FOR UPDATE;
