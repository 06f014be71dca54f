"""Users' own data: read a file with a row for each access request, check it by the rules, and write a room's log."""
