-- What devices prove by who they are: issued and revoked by `gridward device`, never deleted. A broker's files are made
-- from it, and can be made again at any time.
CREATE TABLE device_key (
    district   integer NOT NULL REFERENCES district,
    kind       text NOT NULL,               -- worker, department, or of the device
    device_id  text NOT NULL,               -- or worker_id, or department_id
    way        text NOT NULL CHECK (way IN ('password', 'certificate')),
    secret     text NOT NULL,               -- of a password Mosquitto's hash, of a certificate its serial number
    issued_at  timestamptz NOT NULL DEFAULT now(),
    issued_by  text NOT NULL,
    expires_at timestamptz,                 -- null: never
    revoked_at timestamptz,
    revoked_by text,
    PRIMARY KEY (district, kind, device_id, way, secret)
);
CREATE UNIQUE INDEX device_key_in_force ON device_key (district, kind, device_id, way) WHERE revoked_at IS NULL;
