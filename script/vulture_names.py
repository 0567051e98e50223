"""Names that vulture cannot see in use: frameworks call them, or the document asks for them."""
