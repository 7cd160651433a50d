-- For psql: let the two roles of ours log in with the passwords of the environment, at every start, so
-- that a new password needs no more than a new start.
\set ON_ERROR_STOP on
\getenv ingest INGEST_PASSWORD
\getenv dashboard DASHBOARD_PASSWORD
ALTER ROLE gw_ingest LOGIN PASSWORD :'ingest';
ALTER ROLE gw_dashboard LOGIN PASSWORD :'dashboard';
