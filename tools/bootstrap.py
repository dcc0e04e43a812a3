"""Create or refresh the virtual environment of the book from the lock; does nothing where it is complete.

With the argument `lab` it adds JupyterLab from the second lock, which agrees with the first in all that both name.
Runs before anything is installed and perhaps on a Python that is too old, so it uses the standard library
only and no newer syntax than Python 2.7 can read.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import subprocess
import sys

# Settings of pip that say where packages come from; others of the user's could put them elsewhere, or leave some out.
KEPT = (
    "CACHE_DIR",
    "CERT",
    "CLIENT_CERT",
    "CONFIG_FILE",
    "DEFAULT_TIMEOUT",
    "EXTRA_INDEX_URL",
    "FIND_LINKS",
    "INDEX_URL",
    "KEYRING_PROVIDER",
    "NO_CACHE_DIR",
    "NO_INDEX",
    "PROXY",
    "RETRIES",
    "TIMEOUT",
    "TRUSTED_HOST",
)
REMEDY = "Make room on the disk, or copy the project to a folder of your own where you can write; then run this again"
NO_PACKAGES = """
The lines above say why; .venv is as it was. Where packages could not be reached: connect, or name a mirror in
PIP_INDEX_URL, or a folder of wheels in PIP_FIND_LINKS with PIP_NO_INDEX=1; then run this again"""
OLDEST, TOO_NEW = (3, 11), (3, 14)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, ".complete")
# Inside the environment: where that is made anew, JupyterLab is gone, and installed again when it is asked for.
LAB_STAMP = os.path.join(VENV, ".lab-complete")
# Where a complete environment stands while another is made in its place.
ASIDE = os.path.join(ROOT, "_build", "venv")


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


def check_folder(root):
    """Stop with one clear line where the place of the project is one in which no environment can stand."""
    try:
        root.encode("utf-8")
    except UnicodeError:
        fail("the path of this folder is not UTF-8: rename it, or move the project")
    if os.pathsep in root:
        fail("the path of this folder holds %r, which divides paths from each other: move the project" % os.pathsep)


def wanted(*names):
    """Return what the environment must match: lock, project file, Python version, and its own place."""
    digest = hashlib.sha256()
    for name in names or ("requirements.lock", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    digest.update(repr((tuple(sys.version_info[:3]), ROOT)).encode("utf-8"))
    return digest.hexdigest()


def check_lock(name):
    """Stop where a merge has left its marks in a lock."""
    with open(os.path.join(ROOT, name), "rb") as file:
        if any(line[:8] in (b"<<<<<<< ", b">>>>>>> ") for line in file):
            fail("%s holds the marks of a merge conflict: take one side, then say make lock (needs uv)" % name)


def found(stamp=STAMP):
    """Return what the environment was made for; empty where it is missing or was interrupted."""
    if not (os.path.exists(stamp) and os.path.exists(PYTHON)):
        return ""
    with open(stamp) as file:
        return file.read().strip()


def own_settings(environment):
    """Return an environment without settings of the user's pip but for those that say where packages come from."""
    kept = ["PIP_" + name for name in KEPT]
    settings = {name: value for name, value in environment.items() if name[:4] != "PIP_" or name in kept}
    # These also stand in files of settings; what is said here wins.
    settings.update({"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_NO_DEPS": "0", "PIP_DRY_RUN": "0"})
    return settings


def run(*command):
    """Run a command in the project folder and stop where it fails."""
    code = subprocess.call(list(command), cwd=ROOT, env=own_settings(os.environ))  # noqa: S603  # set_up and add_lab name them
    if code != 0:
        fail(
            "this step failed (exit code %d): %s%s" % (code, " ".join(command), NO_PACKAGES if "pip" in command else "")
        )


def begin(message, stamp):
    """Say what is done, and take away the stamp until it is."""
    print(message)
    sys.stdout.flush()
    if os.path.exists(stamp):
        os.remove(stamp)


def finish(stamp, target):
    """Stamp what is complete."""
    with open(stamp + ".part", "w") as file:
        file.write(target)
    os.rename(stamp + ".part", stamp)


def install(*arguments):
    """Install into the environment."""
    run(*((PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq") + arguments))


def set_up(target):
    """Make the environment anew."""
    try:
        import ensurepip  # noqa: F401  # whether it is there
        import venv
    except ImportError:
        fail("this Python has no venv module. On Debian and Ubuntu: sudo apt install python3-venv")
    set_aside()
    try:
        begin("Setting up .venv from requirements.lock (once, about a minute) ...", STAMP)
        venv.create(VENV, with_pip=True, clear=True, symlinks=os.name != "nt")
        install("--require-hashes", "-r", "requirements.lock")
        # Setuptools is in the lock: without isolation nothing is fetched here.
        install("--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
    except BaseException:
        put_back()
        raise
    finish(STAMP, target)
    shutil.rmtree(ASIDE, ignore_errors=True)


def set_aside():
    """Keep a complete environment until the next one is."""
    if found():
        shutil.rmtree(ASIDE, ignore_errors=True)
        os.rename(VENV, ASIDE)


def put_back():
    """Let the last complete environment take the place of one that was not finished."""
    if not found() and os.path.isdir(ASIDE):
        shutil.rmtree(VENV, ignore_errors=True)
        os.rename(ASIDE, VENV)


def add_lab(target):
    """Add JupyterLab; pip leaves alone what the first lock has installed."""
    begin("Adding JupyterLab from requirements-lab.lock (once, some seconds) ...", LAB_STAMP)
    install("--require-hashes", "-r", "requirements-lab.lock")
    finish(LAB_STAMP, target)


def alone():
    """Wait until no other process sets up the environment; others wait until what is returned is closed."""
    folder = os.path.join(ROOT, "_build")
    if not os.path.isdir(folder):
        os.makedirs(folder)
    lock = open(os.path.join(folder, ".env-lock"), "a")  # noqa: SIM115  # the caller closes it
    try:
        import fcntl
    except ImportError:
        return lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (IOError, OSError):
        print("waiting for another run in this folder to end ...")
        sys.stdout.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main(*arguments):
    """Bring the environment up to date; with `lab`, JupyterLab too."""
    check_python(sys.version_info)
    check_folder(ROOT)
    try:
        with alone():
            bring_up_to_date(arguments)
    except (IOError, OSError, ValueError, subprocess.CalledProcessError) as error:
        fail("the environment in .venv cannot be made: %s. %s" % (error, REMEDY))
    except KeyboardInterrupt:
        fail("interrupted; run this again")


def bring_up_to_date(names):
    """Make what is missing of the environment."""
    put_back()
    check_lock("requirements.lock")
    target = wanted()
    if found() != target:
        set_up(target)
    if "lab" in names:
        check_lock("requirements-lab.lock")
        target = wanted("requirements-lab.lock")
        if found(LAB_STAMP) != target:
            add_lab(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
