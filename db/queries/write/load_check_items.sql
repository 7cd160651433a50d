-- The check items of the supervision modules with their menus, closed ones last.
SELECT item AS code, jsonb_build_object('zh', name, 'en', coalesce(name_en, name)) AS text, answers
FROM check_item WHERE district = %(district)s
ORDER BY closed_at IS NOT NULL, item;
