-- The stamp of a day's root, if it has one.
SELECT stamped_at, response FROM audit_stamp WHERE district = %(district)s AND day = %(day)s;
