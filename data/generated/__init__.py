"""People, traffic and diagnostic data that Faker and chance make up. Rooms and simulated runs come in."""
