-- Where a batch of pings lands by COPY before it is told apart from what is known already.
CREATE TEMP TABLE IF NOT EXISTS stage_ping (LIKE public.ping);
