"""What is told of a program that the kernel ended for want of memory."""

KILLED = "out of memory"
"""What `ending` of all runtimes says of it."""


def limited(what: str, limit: int) -> str:
    """The end of a sentence on how a program ended, with its limit where that was the cause."""
    return what.replace(KILLED, f"{KILLED} (its limit is {limit / 1024**2:,.0f} MiB)", 1) if limit else what


def hint(what: str, limit: int, service: str) -> str:
    """What to do about it; empty where it was not the memory."""
    if KILLED not in what:
        return ""
    if not limit:
        return "The machine had no more: see jarvis status for what takes it, or give this service a limit."
    return f"Give it more (jarvis settings set {service} limits.memory=SIZE), or let it need less."
