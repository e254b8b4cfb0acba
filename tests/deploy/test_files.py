"""deploy/: every file, setting and option that its files name exists, and says what the portal
itself does.

Here: parsing. Not here: running the same processes (test_processes.py).
"""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.serve import web_command
from config import MAX_UPLOAD, ROOT, Settings
from tests.conftest import settings_for

DEPLOY = ROOT / "deploy"
KNOWN = set(
    re.findall(
        r"""(?:get\(|whole\(env, |truth\(env, )["']([A-Z_]+)["']""",
        (ROOT / "config.py").read_text(),
    )
)
OTHERS = {"PORTAL_HOST", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
"""Settings of the proxy and of PostgreSQL in the same file."""
PERSONAL = {"--bind", "--workers", "--worker-tmp-dir"}
"""Options of the web server that differ from place to place."""
UNITS = sorted(DEPLOY.glob("*.service"))


def _environment() -> dict[str, str]:
    lines = (DEPLOY / "meibo.env.example").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip('"') for name, value in pairs}


def _compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def _instructions() -> list[list[str]]:
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    found = (line.split(None, 1) for line in text.splitlines() if line and line[0] != "#")
    return [[word.upper(), rest.strip()] for word, rest in found]


def _unit(path: Path) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    return unit


def _options(command: list[str]) -> dict[str, str]:
    """Return the options of a gunicorn command, but for those that are each place's own."""
    words = command[command.index("app:create_app()") + 1 :]
    found: dict[str, str] = {}
    for place, word in enumerate(words):
        if word.startswith("--"):
            following = words[place + 1] if place + 1 < len(words) else ""
            found[word] = "" if following.startswith("--") else following
    return {name: value for name, value in found.items() if name not in PERSONAL}


def _gunicorns() -> dict[str, list[str]]:
    command = next(rest for word, rest in _instructions() if word == "CMD")
    started = _unit(DEPLOY / "meibo-web.service")["Service"]["ExecStart"]
    return {
        "Dockerfile": yaml.safe_load(command),
        "meibo-web.service": shlex.split(started),
    }


def test_the_settings_of_the_example_are_ones_that_the_portal_reads() -> None:
    assert len(KNOWN) > 15
    unknown = set(_environment()) - KNOWN - OTHERS
    assert not unknown, f"config.py reads no {sorted(unknown)}"


def test_the_example_starts_once_its_blanks_are_filled(tmp_path: Path) -> None:
    filled = {
        **_environment(),
        "SECRET_KEY": "x" * 48,
        "INSTANCE_PATH": str(tmp_path),
        "MAIL_USERNAME": "meibo",
        "MAIL_PASSWORD": "secret",
    }
    settings = Settings.from_environment(filled)
    assert settings.https
    assert settings.trusted_proxies == 1
    assert settings.mail_use_tls
    assert settings.public_host == filled["PORTAL_HOST"]


def test_the_web_server_is_started_everywhere_as_the_portal_starts_it(tmp_path: Path) -> None:
    own = _options(web_command(settings_for(tmp_path)))
    assert own["--worker-class"].endswith("BufferedWorker")
    for where, command in _gunicorns().items():
        assert _options(command) == own, f"{where} starts another web server"


def test_the_image_copies_what_there_is_and_runs_as_nobody_special() -> None:
    found = _instructions()
    stages = [place for place, (word, _rest) in enumerate(found) if word == "FROM"]
    for word, rest in found:
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), f"Dockerfile copies {source}, which is not there"
        if word == "FROM":
            assert re.match(r"[\w./-]+:[\w.-]+", rest), f"name the version of {rest}"
    last = dict(found[stages[-1] :])
    assert last["USER"] == "10001:10001"
    assert last["VOLUME"] == "/data"
    assert last["HEALTHCHECK"].endswith('CMD ["python", "deploy/alive.py"]')
    assert "--require-hashes" in " ".join(rest for word, rest in found if word == "RUN")


def test_the_image_leaves_out_what_it_does_not_need() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", "instance", "tests"} <= set(left_out)
    copied = [rest for word, rest in _instructions() if word == "COPY" and "--from" not in rest]
    assert not [rest for rest in copied if rest.split()[0] in {".", "./"}]


def test_compose_names_two_of_each_and_files_that_exist() -> None:
    services = _compose()["services"]
    assert {name for name, one in services.items() if one.get("deploy") == {"replicas": 2}} == {
        "web",
        "worker",
    }
    assert services["worker"]["command"] == ["flask", "worker"]
    assert services["upgrade"]["command"] == ["flask", "portal", "upgrade"]
    assert (DEPLOY / services["upgrade"]["build"]["dockerfile"].removeprefix("deploy/")).exists()
    for name in ("web", "worker", "upgrade"):
        one = services[name]
        assert one["read_only"] is True, name
        assert one["cap_drop"] == ["ALL"], name
        assert (DEPLOY / f"{one['env_file']}.example").exists(), name
    mounted = [volume.split(":")[0] for volume in services["proxy"]["volumes"]]
    assert [
        name for name in mounted if name.startswith("./") and not (DEPLOY / name).exists()
    ] == []
    named = {volume for volume in mounted if not volume.startswith("./")}
    assert named <= set(_compose()["volumes"])
    for one in services.values():
        if "image" in one and one["image"] != "meibo":
            assert ":" in one["image"]
            assert not one["image"].endswith(":latest")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_of_the_portal_with_few_rights(path: Path) -> None:
    service = _unit(path)["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[0].startswith("/srv/meibo/.venv/bin/")
    assert (ROOT / ".venv" / "bin" / Path(words[0]).name).exists()
    assert service["User"] == "meibo"
    assert service["NoNewPrivileges"] == "yes"
    assert service["UMask"] == "0077"
    assert _unit(path)["Install"]["WantedBy"] == "multi-user.target"


def test_the_proxies_take_bodies_as_large_as_the_portal_does() -> None:
    megabytes = -(-MAX_UPLOAD // 1024 // 1024)
    assert f"client_max_body_size {megabytes}m;" in (DEPLOY / "nginx.conf").read_text()
    assert f"max_size {megabytes}MB" in (DEPLOY / "Caddyfile").read_text()


def test_the_proxies_say_anew_who_asks() -> None:
    """What a client claims of itself is never passed on."""
    nginx, caddy = ((DEPLOY / name).read_text() for name in ("nginx.conf", "Caddyfile"))
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "header_up X-Forwarded-For {remote_host}" in caddy
    for name in ("Proto", "Host"):
        assert f"proxy_set_header X-Forwarded-{name} " in nginx
        assert f"header_up X-Forwarded-{name} " in caddy


def test_the_hosted_workflow_calls_what_decides() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    commands = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    assert any(".ci/run" in command for command in commands)
    assert (ROOT / ".ci" / "run").exists()
    assert workflow["permissions"] == {"contents": "read"}


def test_pre_commit_uses_the_tools_that_are_locked() -> None:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert local["repo"] == "local"
    for hook in local["hooks"]:
        assert (ROOT / hook["entry"].split()[0]).exists(), hook["entry"]


def test_the_version_has_its_section_in_the_changelog() -> None:
    (version,) = re.findall(
        r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert f"\n## [{version}]" in (ROOT / "CHANGELOG.md").read_text()
