-- For whom some orders are, and which tasks they are about.
SELECT order_id, task_id, kind, device_id FROM order_out
WHERE district = %(district)s AND order_id = ANY(%(ids)s);
