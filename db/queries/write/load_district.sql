-- One district, with how its command centre is called and met.
SELECT tz, phone, meeting_url FROM district WHERE district = %(district)s;
