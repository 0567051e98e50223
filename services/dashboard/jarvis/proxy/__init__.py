"""Let people reach it: Caddy with one fixed configuration, sites as links, a switch as one rename."""
