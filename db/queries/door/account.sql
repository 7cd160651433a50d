-- An account that is not disabled, by its name, or by what the identity provider calls it.
SELECT name, district, path, roles, grade, department_id, worker_id, kiosk, must_change FROM account
WHERE disabled_at IS NULL AND (name = %(account)s OR identity = ANY (%(identities)s::text[]))
ORDER BY name = %(account)s DESC NULLS LAST, identity LIMIT 1;
