"""PHP frameworks and systems: by package, by the files they are made of, and how they are served."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Framework:
    """One row.

    Attributes:
        name: As the verdict calls it.
        root: The folder that it serves, where it is not found by looking.
        start: Its own server, when it has one; empty where PHP is run for each request.
        engine: The database that it cannot do without and that no setting names.
    """

    name: str
    root: str = ""
    start: str = ""
    engine: str = ""


PACKAGES: dict[str, Framework] = {
    "laravel/framework": Framework("laravel", "public"),
    "laravel/lumen-framework": Framework("lumen", "public"),
    "statamic/cms": Framework("statamic", "public"),
    "craftcms/cms": Framework("craft", "web"),
    "october/rain": Framework("october"),
    "api-platform/core": Framework("api-platform", "public"),
    "sylius/sylius": Framework("sylius", "public"),
    "shopware/core": Framework("shopware", "public", engine="mysql"),
    "pimcore/pimcore": Framework("pimcore", "public", engine="mysql"),
    "contao/core-bundle": Framework("contao", "public", engine="mysql"),
    "sulu/sulu": Framework("sulu", "public"),
    "symfony/framework-bundle": Framework("symfony", "public"),
    "symfony/symfony": Framework("symfony", "public"),
    "drupal/core-recommended": Framework("drupal", "web"),
    "drupal/core": Framework("drupal", "web"),
    "drupal/drupal": Framework("drupal"),
    "roots/wordpress": Framework("wordpress", "web", engine="mysql"),
    "johnpbloch/wordpress": Framework("wordpress", engine="mysql"),
    "typo3/cms-core": Framework("typo3", "public"),
    "magento/product-community-edition": Framework("magento", "pub", engine="mysql"),
    "magento/magento2-base": Framework("magento", "pub", engine="mysql"),
    "silverstripe/framework": Framework("silverstripe", "public"),
    "getkirby/cms": Framework("kirby"),
    "codeigniter4/framework": Framework("codeigniter", "public"),
    "codeigniter/framework": Framework("codeigniter"),
    "cakephp/cakephp": Framework("cakephp", "webroot"),
    "yiisoft/yii2": Framework("yii", "web"),
    "yiisoft/yii": Framework("yii"),
    "yiisoft/yii-runner-http": Framework("yii", "public"),
    "laminas/laminas-mvc": Framework("laminas", "public"),
    "zendframework/zend-mvc": Framework("zend", "public"),
    "zendframework/zendframework": Framework("zend", "public"),
    "mezzio/mezzio": Framework("mezzio", "public"),
    "nette/application": Framework("nette", "www"),
    "spiral/framework": Framework("spiral", start="./rr serve"),
    "hyperf/http-server": Framework("hyperf", start="php bin/hyperf.php start"),
    "hyperf/framework": Framework("hyperf", start="php bin/hyperf.php start"),
    "tempest/framework": Framework("tempest", "public"),
    "phalcon/devtools": Framework("phalcon", "public"),
    "slim/slim": Framework("slim"),
    "silex/silex": Framework("silex"),
    "leafs/leaf": Framework("leaf"),
    "mikecao/flight": Framework("flight"),
    "flightphp/core": Framework("flight"),
    "bcosca/fatfree": Framework("fatfree"),
    "bcosca/fatfree-core": Framework("fatfree"),
    "clancats/hydra": Framework("hydra"),
    "swoft/framework": Framework("swoft", start="php bin/swoft http:start"),
    "workerman/webman-framework": Framework("webman", start="php start.php start"),
    "workerman/workerman": Framework("workerman", start="php {main} start"),
    "react/http": Framework("reactphp", start="php {main}"),
    "amphp/http-server": Framework("amphp", start="php {main}"),
    "twig/twig": Framework("twig"),
}
"""Required package → framework; what is built on others stands before them."""

SIGNS: tuple[tuple[tuple[str, ...], Framework], ...] = (
    (("artisan",), Framework("laravel", "public")),
    (("wp-config.php",), Framework("wordpress", engine="mysql")),
    (("wp-config-sample.php",), Framework("wordpress", engine="mysql")),
    (("wp-load.php",), Framework("wordpress", engine="mysql")),
    (("web/wp-config.php",), Framework("wordpress", "web", engine="mysql")),
    (("core/lib/Drupal.php",), Framework("drupal")),
    (("web/core/lib/Drupal.php",), Framework("drupal", "web")),
    (("includes/bootstrap.inc", "sites/default/default.settings.php"), Framework("drupal")),
    (("administrator/index.php", "libraries/src/Version.php"), Framework("joomla", engine="mysql")),
    (("config-dist.php", "lib/moodlelib.php"), Framework("moodle")),
    (("includes/WebStart.php", "api.php"), Framework("mediawiki")),
    (("system/core/CodeIgniter.php",), Framework("codeigniter")),
    (("system/CodeIgniter.php", "app/Config/App.php"), Framework("codeigniter", "public")),
    (("lib/Cake/bootstrap.php",), Framework("cakephp", "app/webroot")),
    (("framework/yii.php",), Framework("yii")),
    (("protected/config/main.php",), Framework("yii")),
    (("fuel/app/bootstrap.php",), Framework("fuelphp", "public")),
    (("kirby/bootstrap.php",), Framework("kirby")),
    (("system/defines.php", "user/config/system.yaml"), Framework("grav")),
    (("classes/PrestaShopAutoload.php",), Framework("prestashop", engine="mysql")),
)
"""Files that are there together → framework."""

SOURCES: tuple[tuple[str, str], ...] = (
    (r"\bBase::instance\s*\(", "fatfree"),
    (r"\bFlight::(?:route|start)\s*\(", "flight"),
    (r"\bnew\s+\\?Slim\\(?:Slim|App)\b|\bSlim\\Factory\\AppFactory\b", "slim"),
    (r"\bnew\s+\\?Silex\\Application\b", "silex"),
    (r"\bnew\s+\\?Twig\\Environment\b|\bnew\s+Twig_Environment\b", "twig"),
    (r"\bnew\s+\\?Phalcon\\Mvc\\(?:Application|Micro)\b", "phalcon"),
    (r"\bnew\s+\\?(?:OpenSwoole|Swoole)\\H[Tt][Tt][Pp]\\Server\b", "swoole"),
)
"""What the first page says when no manifest does."""

FUNCTIONS = ("google/cloud-functions-framework", "bref/bref", "cloudevents/sdk-php")
"""Packages whose user is called by a platform."""

RUNNING = (
    "php-amqplib/php-amqplib", "bunny/bunny", "enqueue/enqueue", "team-reflex/discord-php", "botman/botman",
    "longman/telegram-bot", "irazasyed/telegram-bot-sdk", "nutgram/nutgram", "react/event-loop", "amphp/amp",
    "temporal/sdk", "symfony/messenger", "cboden/ratchet",
)  # fmt: skip
"""Packages that keep a program without pages running."""
