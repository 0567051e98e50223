"""The rules of all sites, read where the proxy finds their pages, and only when they have changed."""

import json
import os
from collections import OrderedDict

from jarvis.mark import RULES
from jarvis.proxy.gate.decide import Rules, tries

REMEMBERED = 2000


class Book:
    """Finds the rules of a folder.

    Args:
        www: The proxy's folder of links.
    """

    def __init__(self, www: str) -> None:
        self._www = www
        self._read: OrderedDict[tuple[int, int, int, int], Rules] = OrderedDict()

    def of_host(self, host: str) -> Rules | None:
        """The rules of what answers to `host` now."""
        return self._of(f"{self._www}/sites/{host}/current/{RULES}")

    def of_service(self, service: str) -> Rules | None:
        """The rules of what a service answers with now."""
        return self._of(f"{self._www}/services/{service}/current/{RULES}")

    def there(self, rules: Rules, path: str) -> bool:
        """Would the pages of these rules' service answer at `path`?"""
        if "\0" in path or "/../" in f"{path}/":
            return False
        place = f"{self._www}/services/{rules.service}/current"
        return any(_is_file(f"{place}{one}") for one in tries(path, clean=rules.clean))

    def _of(self, file: str) -> Rules | None:
        try:
            seen = os.stat(file)  # noqa: PTH116 - asked for with every request: no Path is made for it
        except OSError:
            return None
        key = (seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_size)
        rules = self._read.get(key)
        if rules is None:
            try:
                with open(file, encoding="utf-8") as text:  # noqa: PTH123 - as above
                    rules = self._read[key] = Rules(json.load(text))
            except FileNotFoundError:  # a switch came between
                return None
            if len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return rules


def _is_file(path: str) -> bool:
    try:
        return os.path.isfile(path)  # noqa: PTH113 - as above
    except ValueError:
        return False
