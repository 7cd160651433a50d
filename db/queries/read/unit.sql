-- One unit of the org tree, closed or not, and the time zone that its days are counted in.
SELECT u.path, u.depth, u.name, u.name_en, i.tz
FROM org_unit u CROSS JOIN district_info i
WHERE u.path = %(unit)s AND sees(u.path);
