-- Where a batch of pings lands by COPY before it is told apart from what is known already. Emptied at the
-- end of each transaction, which TRUNCATE would do at the price of a row in pg_class each time.
CREATE TEMP TABLE IF NOT EXISTS stage_ping (LIKE public.ping) ON COMMIT DELETE ROWS;
