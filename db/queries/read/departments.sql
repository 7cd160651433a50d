-- The departments that there are, by id.
SELECT department_id, name, name_en FROM department WHERE closed_at IS NULL ORDER BY department_id;
