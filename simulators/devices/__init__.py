"""One file a device, found by listing: each has ``build(world, town) -> list of devices``."""
