-- What phones said of their orders: the furthest of each, and only forward.
UPDATE order_out o SET state = r.stage, replied_at = r.at, reply = coalesce(r.text, o.reply)
FROM (SELECT DISTINCT ON (order_id) order_id, stage, at, text, rank
      FROM json_to_recordset(%(rows)s::json) AS r(order_id text, stage text, at timestamptz, text text, rank integer)
      ORDER BY order_id, rank DESC, at) r
WHERE o.district = %(district)s AND o.order_id = r.order_id
  AND r.rank > coalesce(array_position(%(stages)s::text[], o.state), 0);
