-- What was said of orders: the furthest of each, and only forward. Of an act each stage is kept with its time; once it is
-- withdrawn, it stays so.
WITH said AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r(
        order_id text, stage text, at timestamptz, text text, rank integer)
), moved AS (
    UPDATE order_out o SET state = r.stage, replied_at = r.at, reply = coalesce(r.text, o.reply)
    FROM (SELECT DISTINCT ON (order_id) * FROM said ORDER BY order_id, rank DESC, at) r
    WHERE o.district = %(district)s AND o.order_id = r.order_id
      AND r.rank > coalesce(array_position(%(stages)s::text[], o.state), 0)
      AND (o.act IS NULL OR o.state <> 'withdrawn')
)
INSERT INTO order_event AS known (district, order_id, stage, at, text)
SELECT DISTINCT ON (s.order_id, s.stage) o.district, s.order_id, s.stage, s.at, s.text
FROM said s JOIN order_out o ON o.district = %(district)s AND o.order_id = s.order_id AND o.act IS NOT NULL
ORDER BY s.order_id, s.stage, s.at
ON CONFLICT (district, order_id, stage) DO UPDATE SET at = EXCLUDED.at, text = coalesce(EXCLUDED.text, known.text)
WHERE EXCLUDED.at < known.at;
