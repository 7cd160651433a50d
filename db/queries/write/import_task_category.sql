-- Upsert the categories of tasks; close those of the modules `among` that are not there (null: of all).
-- A row that is as it was is not written again.
WITH incoming AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json)
        AS r(category text, module_id text, name text, name_en text, department_id text,
             department_working_days smallint, hazard_grade severity, items text[], first_handling jsonb,
             target_categories text[], target_tags text[], target_grades text[], cycle_days jsonb, launched_by text[],
             second text)
), kept AS (
    INSERT INTO task_category (district, category, module_id, name, name_en, department_id,
                               department_working_days, hazard_grade, items, first_handling,
                               target_categories, target_tags, target_grades, cycle_days, launched_by, second)
    SELECT %(district)s, category, module_id, name, name_en, department_id, department_working_days,
           hazard_grade, items, first_handling, target_categories, target_tags, target_grades, cycle_days,
           launched_by, second
    FROM incoming
    ON CONFLICT (district, category) DO UPDATE SET
        module_id = EXCLUDED.module_id, name = EXCLUDED.name, name_en = EXCLUDED.name_en,
        department_id = EXCLUDED.department_id, department_working_days = EXCLUDED.department_working_days,
        hazard_grade = EXCLUDED.hazard_grade, items = EXCLUDED.items, first_handling = EXCLUDED.first_handling,
        target_categories = EXCLUDED.target_categories, target_tags = EXCLUDED.target_tags,
        target_grades = EXCLUDED.target_grades, cycle_days = EXCLUDED.cycle_days,
        launched_by = EXCLUDED.launched_by, second = EXCLUDED.second, closed_at = NULL
    WHERE (task_category.module_id, task_category.name, task_category.name_en, task_category.department_id,
           task_category.department_working_days, task_category.hazard_grade, task_category.items,
           task_category.first_handling, task_category.target_categories, task_category.target_tags,
           task_category.target_grades, task_category.cycle_days, task_category.launched_by,
           task_category.second, task_category.closed_at)
        IS DISTINCT FROM (EXCLUDED.module_id, EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.department_id,
                          EXCLUDED.department_working_days, EXCLUDED.hazard_grade, EXCLUDED.items,
                          EXCLUDED.first_handling, EXCLUDED.target_categories, EXCLUDED.target_tags,
                          EXCLUDED.target_grades, EXCLUDED.cycle_days, EXCLUDED.launched_by, EXCLUDED.second, NULL)
), gone AS (
    UPDATE task_category SET closed_at = now()
    WHERE district = %(district)s AND closed_at IS NULL
      AND (%(among)s::text[] IS NULL OR module_id = ANY(%(among)s))
      AND category NOT IN (SELECT category FROM incoming)
    RETURNING 1
)
SELECT count(*) AS closed FROM gone;
