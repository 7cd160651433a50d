-- What can be inspected: each category of the district's modules with its check items and, by risk grade, its cycle.
SELECT c.category, c.name, c.name_en, c.cycle_days, c.launched_by,
       (SELECT jsonb_agg(jsonb_build_object('item', a.item, 'name', coalesce(k.name, a.item), 'name_en', k.name_en)
                         ORDER BY a.place)
        FROM unnest(c.items) WITH ORDINALITY AS a (item, place) LEFT JOIN check_item k USING (item)) AS checks
FROM task_category c
WHERE c.closed_at IS NULL
ORDER BY c.module_id, c.category;
