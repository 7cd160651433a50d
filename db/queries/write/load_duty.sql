-- Who went on or off duty during the last days, and how everybody else stands since their last change.
SELECT worker_id, duty_at AS at, on_duty FROM worker_state WHERE district = %(district)s AND duty_at IS NOT NULL
UNION
SELECT device_id, at, event = 'duty_on' FROM device_event
WHERE district = %(district)s AND kind = 'worker' AND ts > now() - %(kept)s::interval
  AND event IN ('duty_on', 'duty_off');
