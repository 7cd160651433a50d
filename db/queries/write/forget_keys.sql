-- A key that came with an order is where it belongs by now; the order need not tell it to whoever reads it.
UPDATE command SET payload = payload - 'key'
WHERE district = %(district)s AND command_id = ANY(%(ids)s) AND payload ? 'key';
