"""The database: schema, queries, connections. Knows psycopg and nobody of ours."""
