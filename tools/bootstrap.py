"""Create or refresh the virtual environment of the book from the lock; does nothing where it is complete.

With the argument `lab` it adds JupyterLab from the second lock, which agrees with the first in all that both name.
Runs before anything is installed and perhaps on a Python that is too old, so it uses the standard library
only and no newer syntax than Python 2.7 can read.
"""

from __future__ import print_function

import hashlib
import os
import subprocess
import sys

OLDEST, TOO_NEW = (3, 11), (3, 14)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, ".complete")
# Inside the environment: where that is made anew, JupyterLab is gone, and installed again when it is asked for.
LAB_STAMP = os.path.join(VENV, ".lab-complete")


def fail(message):
    """Print one line and stop."""
    print("error: " + message, file=sys.stderr)
    sys.exit(1)


def check_python(version):
    """Stop with one clear line where `version` is not supported."""
    if not OLDEST <= tuple(version[:2]) < TOO_NEW:
        fail(
            "the book needs Python 3.11, 3.12 or 3.13; this is Python %d.%d. Say which to use: make PYTHON=python3.12 book"
            % tuple(version[:2])
        )


def wanted(*names):
    """Return what the environment must match: lock, project file, Python version, and its own place."""
    digest = hashlib.sha256()
    for name in names or ("requirements.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    digest.update(repr((tuple(sys.version_info[:3]), ROOT)).encode("utf-8"))
    return digest.hexdigest()


def found(stamp=STAMP):
    """Return what the environment was made for; empty where it is missing or was interrupted."""
    if not (os.path.exists(stamp) and os.path.exists(PYTHON)):
        return ""
    with open(stamp) as file:
        return file.read().strip()


def run(*command):
    """Run a command in the project folder and stop where it fails."""
    code = subprocess.call(list(command), cwd=ROOT)
    if code != 0:
        fail("this step failed (exit code %d): %s" % (code, " ".join(command)))


def begin(message, stamp):
    """Say what is done, and take away the stamp until it is."""
    print(message)
    sys.stdout.flush()
    if os.path.exists(stamp):
        os.remove(stamp)


def finish(stamp, target):
    """Stamp what is complete."""
    with open(stamp, "w") as file:
        file.write(target)


def install(*arguments):
    """Install into the environment."""
    run(*((PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq") + arguments))


def set_up(target):
    """Make the environment anew."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        fail("this Python has no venv module. On Debian and Ubuntu: sudo apt install python3-venv")
    begin("Setting up .venv from requirements.lock (once, about a minute) ...", STAMP)
    venv.create(VENV, with_pip=True, clear=True, symlinks=os.name != "nt")
    install("--require-hashes", "-r", "requirements.lock")
    # Setuptools is in the lock: without isolation nothing is fetched here.
    install("--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
    finish(STAMP, target)


def add_lab(target):
    """Add JupyterLab; pip leaves alone what the first lock has installed."""
    begin("Adding JupyterLab from requirements-lab.lock (once, some seconds) ...", LAB_STAMP)
    install("--require-hashes", "-r", "requirements-lab.lock")
    finish(LAB_STAMP, target)


def main(*arguments):
    """Bring the environment up to date; with `lab`, JupyterLab too."""
    check_python(sys.version_info)
    target = wanted()
    if found() != target:
        set_up(target)
    if "lab" in arguments:
        target = wanted("requirements-lab.lock")
        if found(LAB_STAMP) != target:
            add_lab(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
