"""The JSON API: one file a noun, each operation declared once for routing, checking and documentation."""
