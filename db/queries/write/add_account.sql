-- Add an account, unless there is one of that name, whichever its letters' case.
INSERT INTO account (name, district, path, roles, grade, department_id, worker_id, kiosk, password, must_change, identity,
                     made_by)
SELECT %(name)s, %(district)s, %(path)s, %(roles)s, %(grade)s, %(department_id)s, %(worker_id)s, %(kiosk)s, %(password)s,
       %(must_change)s, %(identity)s, %(actor)s
WHERE NOT EXISTS (SELECT FROM account WHERE lower(name) = lower(%(name)s))
RETURNING name;
