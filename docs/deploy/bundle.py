"""``make bundle``: everything that an intranet needs, in one folder: wheels with their hashes, and what installs them.

The wheels are those that ``constraints.txt`` pins, for the Python that runs this and for each machine asked for. What
``pip`` resolves for this machine is taken for all: the pins leave no choice.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MACHINES = ("x86_64", "aarch64")
_GLIBC = (17, 24, 26, 27, 28, 31, 34, 35)  # of manylinux tags: the newest is that of Ubuntu 22.04 and Debian 12
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def platforms(machine: str) -> list[str]:
    """The tags of wheels that run on a machine, as ``pip download`` takes them."""
    return [f"manylinux2014_{machine}", *(f"manylinux_2_{minor}_{machine}" for minor in _GLIBC)]


def make(out: Path, machines: tuple[str, ...] = MACHINES, extras: str = "postgres,mcp,tracing") -> None:
    """Write a bundle into the new folder ``out``. Raises CalledProcessError where a wheel cannot be had."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wheels = out / "wheels"
    (wheels / "any").mkdir(parents=True)
    build = [*_PIP, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(wheels / "any"), str(ROOT)]
    subprocess.run(build, check=True)  # noqa: S603  # our own arguments, as below
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.json")
        resolve = [*_PIP, "install", "-q", "--dry-run", "--ignore-installed", "--report", str(report)]
        target = [*resolve, "-c", str(ROOT / "constraints.txt"), f"{ROOT}[{extras}]"]
        subprocess.run(target, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        pins = pinned(json.loads(report.read_text("utf-8")))
        listed = Path(scratch, "pins.txt")
        listed.write_text("\n".join(pins) + "\n", "utf-8")
        for machine in machines:
            tags = [f"--platform={tag}" for tag in platforms(machine)]
            options = ["-q", "--no-deps", "--only-binary=:all:", f"--python-version={version}", *tags]
            download = [*_PIP, "download", *options, "-d", str(wheels / machine), "-r", str(listed)]
            subprocess.run(download, check=True)  # noqa: S603
    for machine in machines:
        text = requirements([*wheels.glob("any/*.whl"), *wheels.glob(f"{machine}/*.whl")])
        (out / f"requirements-{machine}.txt").write_text(text, "utf-8")
    (out / "PYTHON").write_text(f"{version}\n", "ascii")
    shutil.copytree(ROOT / "docs", out / "docs", ignore=shutil.ignore_patterns("images", "*.py", "__pycache__"))
    shutil.copytree(ROOT / "corpus", out / "corpus")
    shutil.copy(ROOT / "docs" / "deploy" / "install.sh", out / "install.sh")
    write_sums(out)


def pinned(report: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    """``name==version`` of all that pip would install but our own, from its report."""
    found = [entry["metadata"] for entry in report["install"]]
    return sorted(f"{m['name']}=={m['version']}" for m in found if m["name"] != "policy-assistant")


def requirements(wheels: list[Path]) -> str:
    """A requirements file that takes exactly these files, by hash."""
    lines = []
    for wheel in sorted(wheels, key=lambda path: path.name.lower()):
        name, version = wheel.name.split("-")[:2]
        lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{_digest(wheel)}")
    return "\n".join(lines) + "\n"


def write_sums(out: Path) -> None:
    """The list of all files with their hashes, for ``sha256sum -c``."""
    files = sorted(path for path in out.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = (f"{_digest(path)}  {path.relative_to(out).as_posix()}\n" for path in files)
    (out / "SHA256SUMS").write_text("".join(lines), "utf-8")


def check(out: Path) -> list[str]:
    """Files of a bundle that are missing, changed, or in no list; empty where all is well."""
    told = dict(reversed(line.split("  ", 1)) for line in (out / "SHA256SUMS").read_text("utf-8").splitlines())
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    changed = {name for name in told.keys() & there if _digest(out / name) != told[name]}
    return sorted(changed | (told.keys() ^ there))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the bundle")
    parser.add_argument("--machine", action="append", choices=MACHINES, help="default: both")
    parser.add_argument("--check", action="store_true", help="hold a bundle against its hashes instead")
    chosen = parser.parse_args()
    if chosen.check:
        wrong = check(chosen.out)
        sys.stdout.write("".join(f"{name}\n" for name in wrong) or "ok\n")
        return 1 if wrong else 0
    if chosen.out.exists():
        shutil.rmtree(chosen.out)
    make(chosen.out, tuple(chosen.machine or MACHINES))
    size = sum(path.stat().st_size for path in chosen.out.rglob("*") if path.is_file())
    sys.stdout.write(f"{chosen.out}: {size / 2**20:.0f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
