"""Rules by which a machine of the swarm may run something, as Docker takes them. Pure."""

import re
from collections.abc import Iterable, Mapping

RULE = re.compile(
    r"\s*(?P<name>node\.(?:id|hostname|role|platform\.os|platform\.arch|labels\.[\w.-]+)|engine\.labels\.[\w.-]+)"
    r"\s*(?P<sign>==|!=)\s*(?P<value>[\w./-]+)\s*"
)


def read(text: str) -> str:
    """The rule without its blanks; empty when it is none."""
    found = RULE.fullmatch(text)
    return f"{found['name']}{found['sign']}{found['value']}" if found else ""


def hold(rules: Iterable[str], facts: Mapping[str, str]) -> bool:
    """Do all of them hold for a machine of which this is known? What is not known is empty."""
    found = [RULE.fullmatch(rule) for rule in rules]
    return all(
        one and (facts.get(one["name"], "").lower() == one["value"].lower()) == (one["sign"] == "==")
        for one in found
    )
