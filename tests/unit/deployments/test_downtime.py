"""Whether a service stops answering while it is replaced is said before, with the reason."""

from jarvis.deployments.downtime import BESIDE, FIRST, STATIC, expected

VOLUME = {"volumes": [{"name": "data", "path": "data"}]}


def test_it_works() -> None:
    assert expected({"runtime": "process"}, {"runtime": "process"}) == (0.0, BESIDE)


def test_pages_never_stop() -> None:
    assert expected({"runtime": "static", "settings": VOLUME}, {}) == (0.0, STATIC)


def test_nothing_that_does_not_run_stops() -> None:
    assert expected({"runtime": "process", "settings": VOLUME}, None) == (0.0, FIRST)


def test_two_versions_do_not_share_a_port() -> None:
    wait = expected({"runtime": "process", "settings": {"port": 5000}}, {"runtime": "process"})
    assert wait.seconds is None
    assert "port 5000" in wait.why


def test_a_port_that_the_version_before_wants_for_itself_is_told() -> None:
    wait = expected({"runtime": "process"}, {"runtime": "process", "fixed_ports": [3456]})
    assert wait.seconds is None
    assert "port 3456" in wait.why


def test_two_containers_do_not_write_to_one_volume() -> None:
    wait = expected({"runtime": "container", "settings": VOLUME}, {"runtime": "container"})
    assert wait.seconds is None
    assert "data" in wait.why


def test_nothing_is_promised_of_a_runtime_that_nobody_knows() -> None:
    assert expected({"runtime": "magic"}, {}).seconds is None
