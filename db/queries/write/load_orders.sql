-- For whom some orders are, a worker or a department, and which tasks or incidents they are about.
SELECT order_id, task_id, incident_id, kind, device_id,
       CASE kind WHEN 'withdraw' THEN 'worker' WHEN 'clue' THEN 'department' ELSE kind END AS whose
FROM order_out
WHERE district = %(district)s AND order_id = ANY(%(ids)s);
