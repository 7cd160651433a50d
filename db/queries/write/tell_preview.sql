-- How far a preview has come.
UPDATE preview SET done = %(done)s WHERE district = %(district)s AND preview_id = %(preview_id)s;
