"""Where people and antennas are: sites, and later cells, regions, population."""
