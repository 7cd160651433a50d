-- Tell ingest that something is registered.
SELECT pg_notify('gridward_registry', %(district)s::text);
