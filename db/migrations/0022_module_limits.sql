-- What supervision modules say is acted upon: time limits become deadlines, menus go down with the orders, answers
-- get their meaning, and cycles say who is due.

ALTER TABLE task_category
    ADD COLUMN first_handling jsonb,        -- {text{zh,en}, hours | working_days}: what the worker does on the spot
    ADD COLUMN target_categories text[] NOT NULL DEFAULT '{}',  -- of premises; {}: any
    ADD COLUMN target_tags text[] NOT NULL DEFAULT '{}',        -- any of them; {}: whatever they have
    ADD COLUMN target_grades text[] NOT NULL DEFAULT '{}',      -- risk grades; {}: any
    ADD COLUMN cycle_days jsonb NOT NULL DEFAULT '{}';  -- {A, B, C, D, ungraded}: days to the next; left out: by order

UPDATE task_category t SET
    first_handling = c.body -> 'first_handling',
    target_categories = ARRAY(SELECT jsonb_array_elements_text(c.body #> '{targets,categories}')),
    target_tags = ARRAY(SELECT jsonb_array_elements_text(c.body #> '{targets,tags}')),
    target_grades = ARRAY(SELECT jsonb_array_elements_text(c.body #> '{targets,risk_grades}')),
    cycle_days = (SELECT coalesce(jsonb_object_agg(e.key, coalesce((e.value ->> 'days')::integer,
                                                                   365 / (e.value ->> 'times_a_year')::integer)), '{}')
                  FROM jsonb_each(c.body -> 'cycle') e WHERE jsonb_typeof(e.value) = 'object')
FROM (SELECT m.district, m.module_id, c.value AS body
      FROM module m, jsonb_array_elements(m.body -> 'categories') c) c
WHERE c.district = t.district AND c.module_id = t.module_id AND c.body ->> 'code' = t.category;

CREATE OR REPLACE VIEW scoped.task_category WITH (security_barrier) AS
    SELECT * FROM public.task_category WHERE district = scoped.district();

-- Whose cycle is over: the last visit of every premises for one category, read from the index alone.
CREATE INDEX task_visited ON task (district, category, premises_id) INCLUDE (inspected_at, done_at, path)
    WHERE inspected_at IS NOT NULL;

ALTER TABLE inspection
    ADD COLUMN outcome text CHECK (outcome IN ('normal', 'abnormal'));  -- what decisions went by, where an answer
                                            -- means worse than `result`, which is what the phone said
CREATE OR REPLACE VIEW scoped.inspection WITH (security_barrier) AS
    SELECT i.* FROM public.inspection i JOIN public.worker w USING (district, worker_id)
    WHERE i.district = scoped.district() AND scoped.sees(w.path);

-- Findings, {item, answer, severity, note} each or [item, answer], in the words of the district's modules; by code or,
-- from old phones, by words. What no module has stays as it was said.
CREATE FUNCTION scoped.worded(findings jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_build_object(
               'name', coalesce(k.name, f.item), 'name_en', k.name_en,
               'answer_name', coalesce(a.value #>> '{text,zh}', f.answer), 'answer_name_en', a.value #>> '{text,en}',
               'severity', coalesce(f.severity, a.value ->> 'severity'), 'note', f.note) ORDER BY f.place)
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
GRANT EXECUTE ON FUNCTION scoped.worded TO gw_dashboard;
