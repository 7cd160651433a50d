-- Whether the database's disk has room: sorts more than this little memory holds, so that it must write.
SET LOCAL work_mem = '64kB';
SELECT FROM generate_series(1, 50000) AS number ORDER BY number % 1000 OFFSET 49999;
