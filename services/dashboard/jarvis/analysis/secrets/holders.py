"""Files in which tools keep logins: known by their names, and dangerous only with a login in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from re import Pattern

_LINE = r"^[ \t]*"


@dataclass(frozen=True, slots=True)
class Holder:
    """One such file.

    Attributes:
        rule: Its short name.
        what: What it holds, as the first words of a sentence.
        name: Its name in lower case; with a slash, the end of its path.
        login: What has to be in it; the group is the secret.
    """

    rule: str
    what: str
    name: Pattern[str]
    login: Pattern[str]


def _rows() -> Iterator[Holder]:
    rows = (
        ("npmrc", "The login of a package registry", r"\.npmrc",
         r"(?:_authToken|_password|_auth)\s*=\s*[\"']?([^\s\"']+)"),
        ("npmrc", "The login of a package registry", r"\.yarnrc\.yml",
         r"npmAuth(?:Token|Ident)\s*:\s*[\"']?([^\s\"']+)"),
        ("pypirc", "The login of a package registry", r"\.?pypirc", _LINE + r"password\s*[:=]\s*(\S+)"),
        ("netrc", "Logins for other machines", r"[._]netrc", r"\bpassword\s+(\S+)"),
        ("git-credentials", "The login of a git server", r"\.git-credentials", r"://[^:\s]{0,80}:([^@\s]+)@"),
        ("pgpass", "The password of a database", r"\.pgpass", r"^[^#\n:]+:[^:\n]*:[^:\n]*:[^:\n]*:(.+)$"),
        ("my-cnf", "The password of a database", r"\.?my\.cnf", _LINE + r"password\s*=\s*[\"']?([^\s\"']+)"),
        ("htpasswd", "Hashes of passwords, which can be guessed", r"\.?htpasswd",
         r"^[^:#\s]+:(\$\S+|\{SHA\}\S+|\S{13,})"),
        ("docker-login", "The login of a container registry",
         r"\.dockercfg|\.?docker/config\.json|\.dockerconfigjson",
         r"\"auths?\"\s*:\s*(?:\{[^}]{0,2000}\"auth\"\s*:\s*)?\"([A-Za-z0-9+/=]{12,})\""),
        ("kubeconfig", "The login of a Kubernetes cluster",
         r"\.?kubeconfig[\w.-]*|[\w.-]+\.kubeconfig|\.kube/config|kube-?config\.ya?ml",
         _LINE + r"(?:client-key-data|token|password)\s*:\s*(\S{8,})"),
        ("aws-credentials", "The login of an AWS account", r"credentials|\.aws/config",
         _LINE + r"aws_secret_access_key\s*=\s*(\S+)"),
        ("s3cfg", "The login of an object store", r"\.s3cfg|\.boto",
         _LINE + r"(?:secret_key|aws_secret_access_key)\s*=\s*(\S+)"),
        ("ftp-login", "The login of a server", r"sftp(?:-config)?\.json|\.ftpconfig|\.ftppass",
         r"\"pass(?:word|phrase)?\"\s*:\s*\"([^\"]+)\""),
        ("tfvars", "A secret for Terraform", r"[\w.-]*\.tfvars(?:\.json)?",
         _LINE + r"\"?\w{0,60}(?:password|secret|token|\w{3}_key)\w{0,60}\"?\s*[:=]\s*\"([^\"]+)\""),
        ("vault-password", "The password of an Ansible vault", r"\.?vault[_-]?pass(?:word)?(?:\.txt)?",
         r"\A\s{0,9}(\S{6,})\s{0,9}\Z"),
        ("client-secret", "The secret of an OAuth client", r"client_secrets?[\w.-]*\.json|credentials\.json",
         r"\"client_secret\"\s*:\s*\"([^\"]{16,})\""),
    )  # fmt: skip
    for rule, what, name, login in rows:
        yield Holder(
            rule, what, re.compile(rf"(?:^|/)(?:{name})$"), re.compile(login, re.MULTILINE | re.IGNORECASE)
        )


HOLDERS = tuple(_rows())
ANY = re.compile("|".join(holder.name.pattern for holder in HOLDERS))
"""The name of any of them."""
