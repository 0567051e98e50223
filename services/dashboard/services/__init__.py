"""The one service of the floor: the way to the database."""
