"""Who may: tokens, roles and the sessions of the pages."""
