-- The accounts by which somebody could administer a district as a whole.
SELECT name FROM account
WHERE disabled_at IS NULL AND 'administer' = ANY (roles) AND worker_id IS NULL AND NOT kiosk
  AND (district IS NULL OR district = %(district)s AND path IN ('', %(district)s::text));
