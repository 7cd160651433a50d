-- How many rows each table has, and the sum over them.
SELECT relation, "rows", sum::text FROM table_sums() ORDER BY relation;
