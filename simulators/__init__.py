"""A synthetic district and the devices that live in it, heard of over MQTT only."""
