-- Give the alerts of incidents that were merged, and the orders to those who were sent, to the one that has them now.
WITH moved AS (
    UPDATE alert SET incident_id = %(into)s
    WHERE district = %(district)s AND incident_id = ANY(%(ids)s) AND incident_id <> %(into)s
)
UPDATE order_out SET incident_id = %(into)s
WHERE district = %(district)s AND incident_id = ANY(%(ids)s) AND incident_id <> %(into)s;
