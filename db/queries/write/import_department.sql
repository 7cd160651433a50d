-- Upsert the departments; the others are left as they are.
INSERT INTO department (district, department_id, name, name_en)
SELECT %(district)s, department_id, name, name_en
FROM json_to_recordset(%(rows)s::json) AS r(department_id text, name text, name_en text)
ON CONFLICT (district, department_id) DO UPDATE SET
    name = EXCLUDED.name, name_en = EXCLUDED.name_en, closed_at = NULL
WHERE (department.name, department.name_en, department.closed_at)
    IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.name_en, NULL);
