-- What a restore finds: how many tables there are already, and which TimescaleDB the server would bring (null: none).
SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AS tables,
       (SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb') AS timescaledb,
       current_setting('server_version_num')::integer AS server;
