"""Their own data: a file with a row for each access request, read, checked by the rules, and made the log of a room."""
