"""How large an archive may become."""

from dataclasses import dataclass

from jarvis.artifacts.archive.sizes import MEBIBYTE


@dataclass(frozen=True)
class Limits:
    """The most that one archive may ask for; sizes in bytes.

    Args:
        entries: Files, folders and links, with the folders that names only imply. A large site has 20,000.
        expanded: All files together, as written. Four times the usual upload cap of 500 MiB.
        file: One file. Larger ones are data, and belong in a volume.
        ratio: Output for each byte of the archive, once over 16 MiB. Text reaches 20, bombs 1,000.
        depth: Folders inside each other. Deep `node_modules` trees reach 25.
        path: A whole name in UTF-8. Programs that use the tree add their own folder in front of it.
        component: One part of a name in UTF-8; what Linux file systems can hold.
    """

    entries: int = 50_000
    expanded: int = 2048 * MEBIBYTE
    file: int = 1024 * MEBIBYTE
    ratio: int = 200
    depth: int = 48
    path: int = 1024
    component: int = 255


def raise_it(setting: str, now: int, first: str) -> str:
    """The hint of a refusal by a limit: what the sender can do, and which setting the operator can raise.

    Args:
        setting: Name of the variable.
        now: Its value.
        first: A sentence for the sender.
    """
    return f"{first} Whoever runs this Jarvis may raise {setting} (now {now})."
