"""The folder in which the processes of one server keep their metrics together.

Each server has its own, named after the process that started the workers, so that they need not
agree on anything. Whoever starts removes those of servers that are gone. A worker that is started
again finds the folder, and the counts of the one before it.
"""

import os
import shutil
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def prepare(within: Path) -> None:
    """Make the folder of this server below `within`, unless the environment names another.

    Before prometheus_client is imported, which looks at the environment once. When the folder
    can't be written each process tells its own numbers, and the log says so.
    """
    if os.environ.get(VARIABLE):
        return
    own = within / _name(os.getppid())
    try:
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = own / f"probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
        _remove_gone(within)
    except OSError as error:
        log.warning("metrics_of_one_process", reason=type(error).__name__)
        return
    os.environ[VARIABLE] = str(own)


def _name(pid: int) -> str:
    """A process, and since when it runs where the system tells: numbers are used again."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        started = "0"
    return f"{pid}-{started}"


def _remove_gone(within: Path) -> None:
    for folder in within.iterdir():
        pid, _separator, _started = folder.name.partition("-")
        if pid.isdigit() and (not _runs(int(pid)) or _name(int(pid)) != folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # somebody else's
    return True
