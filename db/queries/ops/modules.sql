-- The supervision modules of some districts, with how much is in each.
SELECT m.district, m.module_id, m.name, m.name_en, m.digest, m.loaded_at,
       (SELECT count(*) FROM task_category c
        WHERE c.district = m.district AND c.module_id = m.module_id AND c.closed_at IS NULL) AS categories,
       (SELECT count(*) FROM check_item i
        WHERE i.district = m.district AND i.module_id = m.module_id AND i.closed_at IS NULL) AS items
FROM module m
WHERE m.closed_at IS NULL
  AND m.district = ANY(%(districts)s)
ORDER BY m.district, m.module_id;
