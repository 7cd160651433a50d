-- The account whose password is about to be looked at: the attempt counts as a wrong one until it turns out right, so that
-- many at once are many. From the `free`th on each locks the account, twice as long as the one before, an hour at most.
-- While it is locked only until when.
WITH tried AS (
    UPDATE account SET
        failed = failed + 1,
        locked_until = CASE WHEN failed + 1 >= %(free)s
                            THEN now() + least(interval '1 hour', interval '1 minute' * 2 ^ least(failed + 1 - %(free)s, 6)) END
    WHERE name = %(account)s AND disabled_at IS NULL AND password IS NOT NULL
      AND (locked_until IS NULL OR locked_until <= now())
    RETURNING name, password
)
SELECT name, password, NULL AS locked_until FROM tried
UNION ALL
SELECT name, NULL, locked_until FROM account WHERE name = %(account)s AND disabled_at IS NULL AND locked_until > now();
