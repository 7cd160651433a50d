-- Whether a district has a department, its own or everybody's.
SELECT EXISTS (
    SELECT FROM department
    WHERE district IN (0, %(district)s) AND department_id = %(department_id)s AND closed_at IS NULL
) AS there;
