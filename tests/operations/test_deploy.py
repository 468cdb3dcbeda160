"""What administrators copy: unit, proxy, compose file and offline bundle say what is so and hold together."""

from __future__ import annotations

import configparser
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema.validators import validator_for

from assistant.faces.cli import serve
from assistant.settings import Settings
from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNITS = ("policy-assistant.service", "policy-assistant-backup.service", "policy-assistant-backup.timer")
GRACE = serve._FINISH + serve._FAREWELL  # seconds that a service takes to stop


def unit(name: str) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string((DEPLOY / name).read_text("utf-8"))
    return parsed


@pytest.mark.parametrize("name", UNITS)
def test_units_can_be_read(name: str) -> None:
    assert {"Unit"} < set(unit(name).sections())


def test_the_service_is_given_time_to_end_its_answers_and_little_else() -> None:
    service = unit("policy-assistant.service")["Service"]
    assert int(service["TimeoutStopSec"]) > GRACE
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "true"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0077"


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    """With the paths of programs that are there: the tool looks for them."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for each in UNITS:
        text = (DEPLOY / each).read_text("utf-8").replace("/srv/policy-assistant/bin/assistant", sys.executable)
        (tmp_path / each).write_text(re.sub(r"(User|Group)=policy", r"\1=root", text), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "policy-assistant" in line] == []


def test_every_setting_that_is_named_exists() -> None:
    known = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    for path in [*DEPLOY.iterdir(), ROOT / "docs" / "operations.md"]:
        if path.is_file():
            named = set(re.findall(r"ASSISTANT_[A-Z_]+[A-Z]", path.read_text("utf-8")))
            assert named <= known, path.name


def test_the_compose_file_is_one() -> None:
    """By the schema of the Compose Specification; nothing is fetched. Docker itself is not there to try it."""
    schema = get_builtin_schema("vendor.compose-spec")
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    validator = validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(composed)] == []
    assert list(validator.iter_errors(composed | {"services": {"assistant": {"imagine": "x"}}}))


def test_the_compose_file_holds_together() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = composed["services"]
    for name, service in services.items():
        wanted = service.get("depends_on", {})
        assert set(wanted) <= set(services), name
        volumes = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert {v for v in volumes if not v.startswith(".")} <= set(composed["volumes"])
        for mounted in (v for v in volumes if v.endswith(".conf")):
            assert (DEPLOY / mounted).is_file()
        assert not service.get("privileged")
    assert int(services["assistant"]["stop_grace_period"].removesuffix("s")) > GRACE
    assert services["assistant"]["environment"]["ASSISTANT_DATA_DIR"] == "/data"
    assert services["ingest"]["environment"]["ASSISTANT_DATABASE_URL"].startswith("postgresql://")
    assert "ports" not in services["assistant"]  # only the proxy is to be reached from outside


def test_the_proxy_lets_streams_through_and_nobodys_login() -> None:
    proxy = (DEPLOY / "policy-assistant-proxy.conf").read_text("utf-8")
    for line in ("proxy_buffering off;", "proxy_http_version 1.1;", 'proxy_set_header X-Remote-User "";'):
        assert line in proxy
    read = int(re.search(r"proxy_read_timeout (\d+)s", proxy)[1])  # type: ignore[index]
    assert read > 15 + Settings.model_fields["llm_timeout"].default
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert site.count("{") == site.count("}")
    largest = int(re.search(r"api/documents \{ client_max_body_size (\d+)m", site)[1])  # type: ignore[index]
    assert largest > Settings.model_fields["max_file_mb"].default


def test_nginx_finds_nothing_wrong(tmp_path: Path) -> None:
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=t", "-days", "1"]
    pair = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run([*key, *pair], check=True, capture_output=True)
    shutil.copy(DEPLOY / "policy-assistant-proxy.conf", tmp_path)
    site = (DEPLOY / "nginx.conf").read_text("utf-8").replace("/etc/nginx/tls/", f"{tmp_path}/")
    site = site.replace("/etc/nginx/policy-assistant-proxy.conf", f"{tmp_path}/policy-assistant-proxy.conf")
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {site} }}"
    (tmp_path / "whole.conf").write_text(whole, "utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-c", str(tmp_path / "whole.conf")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# ── the offline bundle ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def bundle() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bundle", DEPLOY / "bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small(bundle: ModuleType, tmp_path: Path) -> Path:
    """A bundle of one wheel that is our own making."""
    out = tmp_path / "bundle"
    for machine in ("x86_64", "aarch64"):
        (out / "wheels" / machine).mkdir(parents=True)
        (out / "wheels" / machine / "some_thing-1.2-py3-none-any.whl").write_bytes(machine.encode())
        wheels = list(out.glob(f"wheels/{machine}/*.whl"))
        (out / f"requirements-{machine}.txt").write_text(bundle.requirements(wheels), "utf-8")
    (out / "PYTHON").write_text(f"{sys.version_info[0]}.{sys.version_info[1]}\n")
    (out / "docs").mkdir()
    shutil.copy(DEPLOY / "install.sh", out)
    bundle.write_sums(out)
    return out


def test_a_bundle_knows_its_files(bundle: ModuleType, small: Path) -> None:
    assert bundle.check(small) == []
    line = (small / "requirements-x86_64.txt").read_text()
    assert re.fullmatch(r"some-thing==1\.2 --hash=sha256:[0-9a-f]{64}\n", line)
    (small / "wheels" / "aarch64" / "some_thing-1.2-py3-none-any.whl").write_bytes(b"other")
    (small / "extra").write_text("x")
    (small / "PYTHON").unlink()
    assert bundle.check(small) == ["PYTHON", "extra", "wheels/aarch64/some_thing-1.2-py3-none-any.whl"]


def test_what_pip_resolves_is_pinned_without_ourselves(bundle: ModuleType) -> None:
    entries = [{"metadata": {"name": n, "version": "1"}} for n in ("b", "policy-assistant", "a")]
    assert bundle.pinned({"install": entries}) == ["a==1", "b==1"]
    assert "manylinux_2_17_aarch64" in bundle.platforms("aarch64")


def install(folder: Path, where: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(folder / "install.sh"), str(where)],
        env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_changed_bundle_is_not_installed(small: Path, tmp_path: Path) -> None:
    (small / "requirements-x86_64.txt").write_text("evil==1\n")
    (small / "requirements-aarch64.txt").write_text("evil==1\n")
    done = install(small, tmp_path / "there")
    assert done.returncode == 1
    assert "没有安装" in done.stderr
    assert not (tmp_path / "there").exists()


def test_a_bundle_for_another_python_says_so(bundle: ModuleType, small: Path, tmp_path: Path) -> None:
    (small / "PYTHON").write_text("3.99\n")
    bundle.write_sums(small)
    done = install(small, tmp_path / "there")
    assert done.returncode == 1
    assert "适用于 Python 3.99" in done.stderr
