"""JupyterLab as `make lab` starts it: the right kernel, run all, save, and nothing of the user's read or written."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]

ROOT = Path(__file__).resolve().parents[2]
NAME, TOKEN = "funds.ipynb", "lab-test"
SECONDS = 60


def ask(address: str, path: str, method: str = "GET") -> bytes:
    request = urllib.request.Request(f"{address}{path}", method=method, headers={"Authorization": f"token {TOKEN}"})  # noqa: S310  # of this machine
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # of this machine
        return answer.read()


def wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            ask(address, "/api/status")
        except urllib.error.URLError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture
def project(tmp_path):
    """Return a copy of the chapters with the outputs of one notebook taken away."""
    shutil.copytree(ROOT / "chapters", tmp_path / "project" / "chapters", ignore=shutil.ignore_patterns(".*"))
    path = tmp_path / "project" / "chapters" / NAME
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return tmp_path / "project"


@pytest.fixture
def home(tmp_path):
    """Return a home with a kernel `python3` of the user's own, which cannot run."""
    spec = tmp_path / "home" / ".local" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text('{"argv": ["false"], "display_name": "The wrong one", "language": "python"}', encoding="utf-8")
    return tmp_path / "home"


@pytest.fixture
def lab(project, home, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["--no-browser", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={project}"]
    if os.geteuid() == 0:
        arguments.append("--allow-root")
    # As a user's shell has it, who works in another environment of Jupyter.
    own = {"HOME": str(home), "JUPYTER_TOKEN": TOKEN, "JUPYTER_PATH": str(home / ".local" / "share" / "jupyter")}
    address, log = f"http://127.0.0.1:{port}", tmp_path / "lab.log"
    subprocess.run(["make", "env-lab"], cwd=ROOT, check=True)
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            ["make", "lab", f"PORT={port}", f"LAB_ARGS={' '.join(arguments)}"],
            cwd=ROOT, env=os.environ | own, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(address, process, log)
        yield address
        ask(address, "/api/shutdown", "POST")
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


@pytest.fixture
def page(chromium, lab):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(f"{lab}/lab/tree/chapters/{NAME}?token={TOKEN}&reset")
    yield page
    context.close()


def ready(address):
    """Say whether the notebook's kernel is idle and the page is connected to it."""
    kernels = [session["kernel"] for session in json.loads(ask(address, "/api/sessions"))]
    return [(k["name"], k["execution_state"], k["connections"]) for k in kernels] == [("python3", "idle", 1)]


def unrun(path):
    """Return the code cells of a stored notebook that have not run."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except json.JSONDecodeError:
        return ["the file is being saved at this moment"]
    return [cell["id"] for cell in cells if cell["cell_type"] == "code" and cell["execution_count"] is None]


def test_run_all_and_save_give_the_committed_notebook_again(page, lab, project, home):
    from patient_capital.notebooks import normalised, read_notebook, text_of

    kernels = json.loads(ask(lab, "/api/kernelspecs"))["kernelspecs"]
    assert list(kernels) == ["python3"]
    assert kernels["python3"]["spec"]["display_name"].startswith("Python 3")
    # The page first draws an idle kernel that is not there yet; who runs all then, is asked for a kernel.
    end = time.monotonic() + SECONDS
    while not ready(lab) and time.monotonic() < end:
        page.wait_for_timeout(300)
    page.get_by_text(re.compile(r"^Python 3 .*\| Idle$")).wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile(r"^Run All Cells")).click()
    path = project / "chapters" / NAME
    # Cells out of sight are not drawn, so that the file says when all have run.
    end = time.monotonic() + SECONDS
    while unrun(path) and time.monotonic() < end:
        page.wait_for_timeout(1000)
        page.keyboard.press("Control+s")
    page.screenshot(path=project / "lab.png")
    # The last save may still be under way.
    while unrun(path) and time.monotonic() < end + 10:
        page.wait_for_timeout(500)
    page.wait_for_timeout(2000)
    assert unrun(path) == []
    assert page.locator(".Toastify__toast").count() == 0, "nothing is asked before work can begin"
    saved = read_notebook(path)
    outputs = [output for cell in saved.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert [output for output in outputs if output.output_type in {"error", "stream"}] == []
    assert text_of(normalised(saved)) == (ROOT / "chapters" / NAME).read_text(encoding="utf-8")
    written = [file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file()]
    assert [name for name in written if re.search(r"jupyter|ipython", name)] == [
        ".local/share/jupyter/kernels/python3/kernel.json"
    ]
