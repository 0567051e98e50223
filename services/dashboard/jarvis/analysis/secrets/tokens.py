"""The shapes of keys and tokens, one row each.

Every pattern begins with a plain text: Python looks for that quickly, and only then at what stands around it.
"""

import re
from dataclasses import dataclass
from functools import cache
from re import Pattern

from jarvis.analysis.evidence import Severity

SHORTEST = 20
"""Signs without a blank that the shortest of them has."""


@dataclass(frozen=True, slots=True)
class Token:
    """One shape.

    Attributes:
        rule: Its short name.
        what: What it is, as it stands in a sentence after "It looks like".
        keys: What it begins with; without any of these texts a file has none.
        rest: What follows, as a pattern.
        severity: How bad it is in public.
        before: What stands before the key, of one length; without it, no part of a word may stand there.
    """

    rule: str
    what: str
    keys: tuple[str, ...]
    rest: str
    severity: Severity = "danger"
    before: str = ""


@cache
def pattern(token: Token, key: str) -> Pattern[str]:
    """The whole shape, beginning with one of its keys; made when a file has the key, so mostly never."""
    plain = re.escape(key)
    around = f"(?<={token.before}{plain})" if token.before else f"(?<![A-Za-z0-9_-]{plain})"
    return re.compile(plain + around + token.rest)


TOKENS: tuple[Token, ...] = (
    # Clouds
    Token("aws-access-key", "an access key of AWS", ("AKIA", "ASIA"), r"[A-Z0-9]{16}(?![A-Z0-9])"),
    Token("google-api-key", "an API key of Google", ("AIza",), r"[\w-]{35}(?![\w-])", "warning"),
    Token("google-oauth", "an OAuth secret of Google", ("GOCSPX-",), r"[\w-]{20,}"),
    Token("google-oauth", "an access token of Google", ("ya29.",), r"[\w-]{30,}"),
    Token(
        "azure-storage-key", "the key of an Azure storage account",
        ("AccountKey=",), r"[A-Za-z0-9+/]{40,}={0,2}",
    ),
    Token(
        "azure-shared-key", "a shared access key of Azure",
        ("SharedAccessKey=",), r"[A-Za-z0-9+/]{30,}={0,2}",
    ),
    Token(
        "azure-client-secret", "a client secret of Azure",
        ("Q~",), r"[\w.~-]{31,34}(?![\w.~-])", before=r"[\w.~-]{3}\d",
    ),
    Token(
        "azure-sas", "a shared access signature of Azure",
        ("sv=20",), r"\d\d-\d\d-\d\d[^\s\"'<>]{0,400}?[?&]sig=[\w%/+-]{30,}",
    ),
    Token(
        "digitalocean-token", "a token of DigitalOcean",
        ("dop_v1_", "doo_v1_", "dor_v1_"), r"[0-9a-f]{64}",
    ),
    Token("alibaba-key", "an access key of Alibaba Cloud", ("LTAI",), r"[A-Za-z0-9]{17,21}(?![A-Za-z0-9])"),
    Token("tencent-key", "a secret id of Tencent Cloud", ("AKID",), r"[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    Token("heroku-key", "an API key of Heroku", ("HRKU-",), r"[\w-]{30,}"),
    Token("fly-token", "a token of Fly.io", ("fo1_", "fm1r_", "fm2_"), r"[\w+/=-]{40,}"),
    Token("netlify-token", "a token of Netlify", ("nfp_",), r"[A-Za-z0-9]{36,}"),
    Token(
        "cloudinary-url", "an address of Cloudinary with its secret",
        ("cloudinary://",), r"\d+:[\w-]{20,}@",
    ),
    Token("databricks-token", "a token of Databricks", ("dapi",), r"[0-9a-f]{32}(?![0-9a-f])"),
    Token("planetscale-token", "a token of PlanetScale", ("pscale_",), r"(?:tkn|pw|oauth)_[\w.-]{30,}"),
    Token("supabase-token", "a secret of Supabase", ("sbp_", "sb_secret_"), r"[\w-]{20,}"),
    # Code and packages
    Token(
        "github-token", "a token of GitHub",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9]{36,}",
    ),
    Token("github-token", "a token of GitHub", ("github_pat_",), r"\w{40,}"),
    Token(
        "gitlab-token", "a token of GitLab",
        ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glsoat-"), r"[\w-]{20,}",
    ),
    Token("bitbucket-token", "an app password of Bitbucket", ("ATBB",), r"[A-Za-z0-9]{28,}"),
    Token("atlassian-token", "a token of Atlassian", ("ATATT3",), r"[\w=-]{60,}"),
    Token("npm-token", "a token of npm", ("npm_",), r"[A-Za-z0-9]{36}(?!\w)"),
    Token("pypi-token", "a token of PyPI", ("pypi-",), r"[\w-]{50,}"),
    Token("rubygems-key", "a key of RubyGems", ("rubygems_",), r"[0-9a-f]{48}"),
    Token("nuget-key", "a key of NuGet", ("oy2",), r"[a-z0-9]{43}(?![a-z0-9])"),
    Token("crates-token", "a token of crates.io", ("cio",), r"[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    Token("docker-token", "a token of Docker Hub", ("dckr_pat_", "dckr_oat_"), r"[\w-]{27,}"),
    Token("terraform-token", "a token of Terraform Cloud", (".atlasv1.",), r"[\w-]{60,}", before=r"\w{14}"),
    Token("vault-token", "a token of Vault", ("hvs.", "hvb.", "hvr."), r"[\w-]{24,}"),
    Token(
        "doppler-token", "a token of Doppler",
        ("dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim."), r"[\w.-]{40,}",
    ),
    Token("tailscale-key", "a key of Tailscale", ("tskey-",), r"[a-z]+-\w+-\w{20,}"),
    Token("sentry-token", "a token of Sentry", ("sntrys_", "sntryu_"), r"[\w+/=-]{40,}"),
    Token("grafana-token", "a token of Grafana", ("glsa_", "glc_"), r"[\w+/]{32,}"),
    Token("newrelic-key", "a key of New Relic", ("NRAK-",), r"[A-Z0-9]{27}"),
    Token("postman-key", "a key of Postman", ("PMAK-",), r"[0-9a-f]{24}-[0-9a-f]{34}"),
    # Money and messages
    Token("stripe-key", "a live key of Stripe", ("sk_live_", "rk_live_"), r"[A-Za-z0-9]{16,}"),
    Token("stripe-key", "a test key of Stripe", ("sk_test_", "rk_test_"), r"[A-Za-z0-9]{20,}", "warning"),
    Token("stripe-webhook", "a webhook secret of Stripe", ("whsec_",), r"[A-Za-z0-9+/]{24,}"),
    Token("square-token", "a token of Square", ("sq0atp-", "sq0csp-"), r"[\w-]{22,}"),
    Token(
        "shopify-token", "a token of Shopify",
        ("shpat_", "shpca_", "shppa_", "shpss_"), r"[0-9a-fA-F]{32}",
    ),
    Token(
        "slack-token", "a token of Slack",
        tuple(f"xox{kind}" for kind in "abeoprs"), r"(?:\.xox[bp])?-[A-Za-z0-9-]{10,}",
    ),
    Token("slack-token", "an app token of Slack", ("xapp-",), r"\d-[A-Z0-9]+-\d+-[0-9a-f]{30,}"),
    Token(
        "slack-webhook", "a webhook of Slack",
        ("hooks.slack.com/",), r"(?:services|workflows|triggers)/T\w+/\w+/\w{16,}",
    ),
    Token(
        "discord-webhook", "a webhook of Discord",
        ("/api/webhooks/",), r"\d{15,22}/[\w-]{40,}", before=r"(?:discord|cordapp)\.com",
    ),
    Token(
        "teams-webhook", "a webhook of Microsoft Teams",
        (".webhook.office.com/",), r"webhookb2/[\w@-]+/IncomingWebhook/\w+/[\w-]+", before=r"\w",
    ),
    Token(
        "telegram-token", "the token of a Telegram bot",
        (":AA",), r"[\w-]{32,35}(?![\w-])", before=r"\d{8}",
    ),
    Token("twilio-key", "a key of Twilio", ("SK",), r"[0-9a-f]{32}(?![0-9a-f])"),
    Token("sendgrid-key", "a key of SendGrid", ("SG.",), r"[\w-]{16,32}\.[\w-]{30,}"),
    Token("mailgun-key", "a key of Mailgun", ("key-",), r"[0-9a-f]{32}(?![0-9a-f])"),
    Token("mailchimp-key", "a key of Mailchimp", ("-us",), r"\d{1,2}(?!\w)", before=r"[0-9a-f]{32}"),
    Token("brevo-key", "a key of Brevo", ("xkeysib-",), r"[0-9a-f]{64}-\w{16}"),
    Token("resend-key", "a key of Resend", ("re_",), r"[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}"),
    Token("facebook-token", "an access token of Facebook", ("EAA",), r"[A-Za-z0-9]{90,}"),
    # Models
    Token("openai-key", "a key of OpenAI", ("sk-proj-", "sk-svcacct-", "sk-admin-"), r"[\w-]{20,}"),
    Token("anthropic-key", "a key of Anthropic", ("sk-ant-",), r"[\w-]{20,}"),
    Token("openrouter-key", "a key of OpenRouter", ("sk-or-v1-",), r"[0-9a-f]{40,}"),
    Token("openai-key", "a key of OpenAI", ("sk-",), r"[A-Za-z0-9]{32,60}(?![\w-])"),
    Token("huggingface-token", "a token of Hugging Face", ("hf_",), r"[A-Za-z0-9]{34,40}(?!\w)"),
    Token("replicate-token", "a token of Replicate", ("r8_",), r"[A-Za-z0-9]{37,40}(?!\w)"),
    Token("groq-key", "a key of Groq", ("gsk_",), r"[A-Za-z0-9]{48,}"),
    Token("xai-key", "a key of xAI", ("xai-",), r"[A-Za-z0-9]{70,}"),
    Token("perplexity-key", "a key of Perplexity", ("pplx-",), r"[A-Za-z0-9]{40,}"),
    Token("langsmith-key", "a key of LangSmith", ("lsv2_pt_", "lsv2_sk_"), r"[0-9a-f]{32}_[0-9a-f]{10}"),
    Token("pinecone-key", "a key of Pinecone", ("pcsk_",), r"\w{50,}"),
    # Other services
    Token("linear-key", "a key of Linear", ("lin_api_",), r"[A-Za-z0-9]{36,}"),
    Token("notion-token", "a token of Notion", ("ntn_",), r"[A-Za-z0-9]{40,}"),
    Token("notion-token", "a token of Notion", ("secret_",), r"[A-Za-z0-9]{43}(?!\w)"),
    Token("figma-token", "a token of Figma", ("figd_",), r"[\w-]{38,}"),
    Token("dropbox-token", "a token of Dropbox", ("sl.",), r"[\w-]{120,}"),
    Token("mapbox-token", "a secret token of Mapbox", ("sk.eyJ",), r"[\w-]+\.[\w-]{20,}"),
    Token("age-key", "a secret key of age", ("AGE-SECRET-KEY-1",), r"[0-9A-Z]{50,}"),
)  # fmt: skip
KEYS = tuple((key, token) for token in TOKENS for key in token.keys)
"""The same, key by key: the key is in a text, or the token is not."""
