-- Days that have been counted again: these marks are done with.
DELETE FROM score_stale WHERE district = %(district)s AND mark = ANY (%(marks)s);
