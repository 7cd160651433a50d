-- The supervision modules.
SELECT body FROM module WHERE district = %(district)s AND closed_at IS NULL ORDER BY module_id;
