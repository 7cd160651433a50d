-- The latest order of each kind that these devices were given and have not carried out.
SELECT DISTINCT ON (o.kind, o.device_id, o.act) o.kind, o.device_id, o.act, o.order_id
FROM json_to_recordset(%(rows)s::json) AS r(kind text, device_id text, act text)
JOIN order_out o ON o.district = %(district)s AND o.kind = r.kind AND o.device_id = r.device_id AND o.act = r.act
WHERE o.state IN ('queued', 'sent', 'delivered', 'read', 'accepted', 'expired')
ORDER BY o.kind, o.device_id, o.act, o.queued_at DESC;
