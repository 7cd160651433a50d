-- The transaction's snapshot, for another session to read the same; the engine; the server's version (180006).
SELECT pg_export_snapshot() AS snapshot, current_setting('server_version_num')::integer AS server,
       (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescaledb;
