"""Sizes that are the same for every archive."""

MEBIBYTE = 1024 * 1024
BUFFER = 256 * 1024
"""Bytes handled at once: large enough to be fast, small enough to be the most a limit is ever passed by."""

RATIO_FROM = 16 * MEBIBYTE
"""Below this much output the ratio is not looked at: small folders of zeros or logs are harmless."""

RATIO_AHEAD = 32 * MEBIBYTE
"""How far a stream may run ahead of the ratio: one large file of zeros before everything else is no bomb."""

NAMES_TOTAL = 16 * MEBIBYTE
"""Memory for all names of one archive; they are the only thing of it that is held as a whole."""

HELD = 8 * MEBIBYTE
"""Content of a tar that waits in memory: one that ends before is judged whole before anything is written."""
