-- What a module wants to stand in the log beside an answer stands there, unless the phone said something itself.
CREATE OR REPLACE FUNCTION scoped.worded(findings jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_build_object(
               'name', coalesce(k.name, f.item), 'name_en', k.name_en,
               'answer_name', coalesce(a.value #>> '{text,zh}', f.answer), 'answer_name_en', a.value #>> '{text,en}',
               'severity', coalesce(f.severity, a.value ->> 'severity'),
               'note_name', coalesce(f.note, a.value #>> '{note,zh}'),
               'note_name_en', CASE WHEN f.note IS NULL THEN a.value #>> '{note,en}' END) ORDER BY f.place)
    FROM (SELECT coalesce(e.value ->> 'item', e.value ->> 0) AS item,
                 coalesce(e.value ->> 'answer', e.value ->> 1) AS answer,
                 e.value ->> 'severity' AS severity, e.value ->> 'note' AS note, e.ordinality AS place
          FROM jsonb_array_elements(findings) WITH ORDINALITY e) f
    LEFT JOIN LATERAL (
        SELECT name, name_en, answers FROM scoped.check_item
        WHERE f.item IN (item, name, name_en) ORDER BY item <> f.item, closed_at IS NOT NULL LIMIT 1) k ON true
    LEFT JOIN LATERAL (
        SELECT one.value FROM jsonb_array_elements(k.answers) AS one
        WHERE f.answer IN (one.value ->> 'code', one.value #>> '{text,zh}', one.value #>> '{text,en}') LIMIT 1) a ON true
$$;
