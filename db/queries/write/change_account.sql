-- Give an account this place, these roles and this grade instead of its own.
UPDATE account SET district = %(district)s, path = %(path)s, roles = %(roles)s, grade = %(grade)s,
                   department_id = %(department_id)s
WHERE name = %(name)s;
