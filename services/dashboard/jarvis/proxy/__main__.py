"""The proxy of a compose installation: `python -m jarvis.proxy` writes the configuration, then is Caddy."""

import os

import config
from jarvis.home import Home
from jarvis.proxy import caddy, https
from jarvis.proxy.config import caddy_config


def main() -> None:
    """Become Caddy, so that signals and the exit code are its own."""
    settings = config.settings()
    home = Home(settings.home)
    for folder in (home.run, home.logs, home.www, home.caddy):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.caddy_socket.unlink(missing_ok=True)
    wanted = caddy_config(
        www=home.www,
        admin_socket=home.caddy_socket,
        gate=home.gate,
        http_port=settings.http_port,
        log_file=home.access_log,
        storage=home.caddy,
        bind=settings.http_bind,
        https=https.of(home, settings),
    )
    caddy.write_config(home.caddy_config, wanted)
    os.chdir(home.www)  # the addresses of programs are relative to it
    words = caddy.command(home.caddy_config)
    os.execve(words[0], words, {**config.environment(), **caddy.environment(home.caddy)})  # noqa: S606 - a list of words


if __name__ == "__main__":
    main()
