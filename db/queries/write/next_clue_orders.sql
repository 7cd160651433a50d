-- The oldest orders about clues that the broker has not got yet, as they go down. Those that are no longer due are
-- withdrawn instead: somebody has answered, or another department has the clue by now.
WITH looked_at AS MATERIALIZED (
    SELECT n.order_id, n.device_id, n.clue_id, c.kind AS clue_kind, c.severity, c.text, c.industry, c.premises_id,
           c.lon, c.lat, (extract(epoch FROM c.due_at) * 1000)::bigint AS due,
           (c.state IN ('routed', 'dispatched') AND c.department_id = n.device_id) IS TRUE AS wanted
    FROM (SELECT district, order_id, clue_id, device_id FROM order_out
          WHERE district = %(district)s AND state = 'queued' AND clue_id IS NOT NULL
          ORDER BY queued_at LIMIT %(limit)s) n
    JOIN clue_case c USING (district, clue_id)
), withdrawn AS (
    UPDATE order_out o SET state = 'withdrawn'
    FROM looked_at n
    WHERE o.district = %(district)s AND o.order_id = n.order_id AND NOT n.wanted
)
SELECT order_id, 'clue' AS kind, device_id, clue_id, clue_kind, severity, text, industry, premises_id, lon, lat, due
FROM looked_at WHERE wanted;
