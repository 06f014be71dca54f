"""Generated people, traffic and diagnostic data (Faker and random draws), for rooms and simulated runs."""
