-- One district.
SELECT tz FROM district WHERE district = %(district)s;
