-- Whether an org unit is registered.
SELECT EXISTS (
    SELECT FROM org_unit WHERE district = %(district)s AND path = %(path)s AND closed_at IS NULL
) AS there;
