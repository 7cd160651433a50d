"""From the broker to the database: the only room that decides and writes facts."""
