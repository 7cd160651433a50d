-- The departments that a district has, everybody's among them.
SELECT DISTINCT department_id FROM department WHERE district IN (0, %(district)s) AND closed_at IS NULL;
