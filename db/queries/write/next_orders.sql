-- The oldest orders that the broker has not got yet, as they go down; those to phones with where the premises are and
-- the menu of each check item, so that a phone needs to know no module. Orders that are no longer due are withdrawn
-- instead: the task is over, or another's, by now; the department has replied.
WITH oldest AS MATERIALIZED (
    SELECT district, order_id, task_id, kind, device_id
    FROM order_out
    WHERE district = %(district)s AND state = 'queued' AND kind IN ('worker', 'department') AND act IS NULL
    ORDER BY queued_at
    LIMIT %(limit)s
), looked_at AS MATERIALIZED (
    SELECT n.order_id, n.kind, n.device_id, t.task_id, t.premises_id, t.category, t.items,
           (extract(epoch FROM CASE n.kind WHEN 'worker' THEN t.due_at ELSE o.due_at END) * 1000)::bigint AS due,
           CASE n.kind WHEN 'worker' THEN t.state NOT IN ('done', 'cancelled') AND t.worker_id = n.device_id
                ELSE o.replied_at IS NULL AND o.department_id = n.device_id END IS TRUE AS wanted
    FROM oldest n JOIN task t USING (district, task_id) LEFT JOIN obligation o USING (district, task_id)
), withdrawn AS (
    UPDATE order_out o SET state = 'withdrawn'
    FROM looked_at n
    WHERE o.district = %(district)s AND o.order_id = n.order_id AND NOT n.wanted
), checklists AS MATERIALIZED (  -- there are few, however many orders
    SELECT a.items, (SELECT coalesce(jsonb_agg(jsonb_build_object(
                         'item', k.item, 'text', jsonb_build_object('zh', k.name, 'en', k.name_en),
                         'answers', k.answers) ORDER BY one.place), '[]')
                     FROM unnest(a.items) WITH ORDINALITY AS one (item, place)
                     JOIN check_item k ON k.district = %(district)s AND k.item = one.item)::text AS menu
    FROM (SELECT DISTINCT items FROM looked_at WHERE wanted AND kind = 'worker') a
)
SELECT n.order_id, n.kind, n.device_id, n.task_id, n.premises_id, n.category, n.items, n.due,
       p.name, p.address, p.lon, p.lat, coalesce(m.menu, '[]') AS menu, c.first_handling -> 'text' AS first_handling,
       CASE WHEN c.name IS NOT NULL THEN jsonb_build_object('zh', c.name, 'en', c.name_en) END AS title,
       p.registered_on, ARRAY(SELECT year FROM annual_report a
                              WHERE a.district = %(district)s AND a.premises_id = n.premises_id
                                AND a.closed_at IS NULL) AS filed
FROM looked_at n
LEFT JOIN premises p ON p.district = %(district)s AND p.premises_id = n.premises_id AND n.kind = 'worker'
LEFT JOIN checklists m ON m.items = n.items AND n.kind = 'worker'
LEFT JOIN task_category c ON c.district = %(district)s AND c.category = n.category AND n.kind = 'worker'
WHERE n.wanted;
