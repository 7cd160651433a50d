-- Let the two roles of ours log in with these passwords.
ALTER ROLE gw_ingest LOGIN PASSWORD %(ingest)s;
ALTER ROLE gw_dashboard LOGIN PASSWORD %(dashboard)s;
