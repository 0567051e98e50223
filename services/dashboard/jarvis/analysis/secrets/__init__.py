"""What must not become public: shapes of keys and tokens, files that hold them, and what only looks so."""
