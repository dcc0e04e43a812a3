"""Execution of notebooks: kernels side by side, and outputs kept by what they depend on.

The site and the stored notebooks take their outputs from here, so that each execution serves both.
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from patient_capital.build import SELDOM_COLLECTED, alone
from patient_capital.files import read_sealed, sweep, write_sealed, write_whole
from patient_capital.formatting import counted
from patient_capital.kernel import BUILDING
from patient_capital.notebooks import normalised

Outputs = list[list[NotebookNode]]
"""The outputs of each code cell of a notebook, in order."""

KEPT = 64
"""Executions that are kept, so that a change taken back executes nothing."""

SECONDS = "seconds.json"
"""How long each notebook took when it was last executed; nothing but the order of execution depends on it."""

STARTUP_SECONDS = 300
"""How long a kernel may take to start: a new environment on a slow disk needs more than the minute that is usual."""

TIMEOUT_SECONDS = 240
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
LONGEST_TOLD = 2000
"""Characters of an exception that a message gives; the whole stands in the log."""
SAID_NOTHING = "it said nothing: a system without memory left ends what takes most of it"
LAUNCH = (
    f"{SELDOM_COLLECTED}; import IPython.core.application as a; del a.SYSTEM_CONFIG_DIRS[:], a.ENV_CONFIG_DIRS[:]; "
    "import runpy; runpy.run_module('ipykernel_launcher', run_name='__main__')"
)
"""Starts a kernel that reads no settings of the machine."""
SETTINGS = ("--log-level=ERROR", "--InteractiveShell.system_raise_on_error=True")
START = "__import__('patient_capital.kernel', fromlist=['watch']).watch()"


class ExecutionError(ValueError):
    """Cells failed; the message names notebook, cell and error of each."""


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def key_of(notebook: NotebookNode, state: str) -> str:
    """Return what the outputs of a notebook are kept by: a hash of its code cells and of all else that they depend on.

    Parameters
    ----------
    notebook : NotebookNode
        As it was read; its text, its outputs and its ids do not count.
    state : str
        As :func:`patient_capital.build.kernel_state` gives it.
    """
    code = [(cell.source, cell.metadata.get("tags", [])) for cell in code_of(normalised(notebook))]
    return hashlib.sha256(json.dumps([state, code]).encode()).hexdigest()


def keep(folder: Path, key: str, outputs: Outputs) -> None:
    """Keep the outputs of one execution."""
    write_sealed(folder / f"{key}.json", json.dumps(outputs, ensure_ascii=False))


def recall(folder: Path, key: str) -> Outputs | None:
    """Return the outputs kept by a key, or None where there are none or the file is damaged."""
    body = read_sealed(folder / f"{key}.json")
    return None if body is None else [nbformat.from_dict(cell) for cell in json.loads(body)]


def fill(notebook: NotebookNode, outputs: Outputs) -> None:
    """Put outputs into the code cells of a notebook."""
    for cell, own in zip(code_of(notebook), outputs, strict=True):
        cell.outputs = own


def _said(error: CellExecutionError) -> str:
    """Return the exception of a cell in words, without colours; its last line where the kernel has not caught it."""
    trace = [line for line in COLOURS.sub("", error.traceback).splitlines() if line.strip()]
    if error.ename == "NoneType" and trace:  # raised while a value was shown
        return trace[-1]
    return COLOURS.sub("", f"{error.ename}: {error.evalue}".removesuffix(": "))[:LONGEST_TOLD]


async def _run(path: Path, notebook: NotebookNode, timeout_seconds: int) -> Outputs:
    notebook = normalised(notebook)
    for cell in code_of(notebook):
        cell |= {"outputs": [], "execution_count": None}  # a cell without code is not executed and keeps what it has
    # Counts are told by the kernel, which may die before it tells; which cell was sent is known here.
    sent: list[str] = []
    client = NotebookClient(
        notebook,
        on_cell_execute=lambda cell, cell_index: sent.append(cell.id),  # noqa: ARG005  # nbclient passes both by name
        timeout=timeout_seconds,
        startup_timeout=STARTUP_SECONDS,
        kernel_name="python3",
        extra_arguments=[*SETTINGS, f"--IPKernelApp.exec_lines={[START]!r}"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    if spec := client.create_kernel_manager().kernel_spec:
        spec.argv = [sys.executable, "-c", LAUNCH, "-f", "{connection_file}"]
    # What a kernel says beside its messages, often while it ends, is no output; if it dies, its last line may say why.
    # Its settings, start-up files and history are none of the user's.
    with TemporaryFile() as aside, TemporaryDirectory() as settings:
        try:
            own = {BUILDING: "1", "IPYTHONDIR": settings}
            await client.async_execute(env=os.environ | own, stderr=aside)
        except (
            CellExecutionError,
            CellTimeoutError,
            RuntimeError,
        ) as error:  # a kernel that is dead, or does not start
            place = f"{path.name}, cell {sent[-1]!r}" if sent else path.name
            told = (
                _said(error)
                if isinstance(error, CellExecutionError)
                else f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
            )
            if isinstance(error, DeadKernelError):
                aside.seek(0)
                last = aside.read().decode(errors="replace").strip().splitlines()[-1:] or [SAID_NOTHING]
                told += "".join(f" ({line})" for line in last)
            raise ExecutionError(f"{place}: {told}") from error
        finally:
            # What nbclient leaves to the end of the process fails where no kernel has started, with a traceback.
            atexit.unregister(client._cleanup_kernel)
    for cell in code_of(notebook):
        if said := _stderr(cell).strip():
            warning = re.search(r"\w+(?:Warning|Error): .*", said)
            told = warning[0] if warning else said.splitlines()[-1]
            raise ExecutionError(f"{path.name}, cell {cell.id!r} writes to stderr: {told}") from RuntimeError(said)
    return [cell.outputs for cell in code_of(normalised(notebook))]


def _stderr(cell: NotebookNode) -> str:
    """Return what a cell has written to stderr, which no page shows: a warning, mostly."""
    return "".join(one.text for one in cell.outputs if one.output_type == "stream" and one.name == "stderr")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _seconds(folder: Path) -> dict[str, float]:
    """Return how long each notebook took when it was last executed, as far as is known."""
    try:
        known = json.loads((folder / SECONDS).read_text(encoding="utf-8"))
        return {str(name): float(taken) for name, taken in known.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _tidy(folder: Path, used: set[str]) -> None:
    """Remove all executions but those in use and the last others."""
    sweep(folder)
    stamped = []
    for path in folder.glob("*.json"):
        if path.stem in used:
            path.touch()
        elif path.name != SECONDS:
            stamped.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(stamped, reverse=True)[max(KEPT - len(used), 0) :]:
        path.unlink(missing_ok=True)


async def _side_by_side(
    notebooks: Mapping[Path, NotebookNode], done: Callable[[Path, Outputs, float], None], timeout_seconds: int
) -> list[ExecutionError]:
    turn = asyncio.Semaphore(processors())

    async def one(path: Path) -> ExecutionError | None:
        async with turn:
            start = time.monotonic()
            try:
                outputs = await _run(path, notebooks[path], timeout_seconds)
                done(path, outputs, time.monotonic() - start)
            except ExecutionError as error:
                return error
        return None

    return [error for error in await asyncio.gather(*map(one, notebooks)) if error is not None]


def _in_a_thread(work: Any) -> Any:
    """Run a coroutine to its end in a thread, where nbclient leaves signals alone; an interrupt here ends it in order."""
    loop = asyncio.new_event_loop()
    task = loop.create_task(work)

    def run() -> Any:
        try:
            return loop.run_until_complete(task)
        finally:
            loop.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        try:
            return future.result()
        except BaseException:
            # Whoever awaits at that moment may swallow it: it is said again, with time between to end the kernels.
            while not future.done():
                loop.call_soon_threadsafe(task.cancel)
                wait([future], timeout=10)
            raise


def execute(path: Path, notebook: NotebookNode, timeout_seconds: int = TIMEOUT_SECONDS) -> Outputs:
    """Execute one notebook in its folder and return its outputs; nothing is written and nothing kept.

    Raises
    ------
    ExecutionError
        If a cell fails, takes too long or warns; the message names notebook, cell and error.
    """
    outputs: Outputs = _in_a_thread(_run(path, notebook, timeout_seconds))
    return outputs


def outputs_of(
    notebooks: Mapping[Path, NotebookNode],
    folder: Path,
    state: Callable[[], str],
    timeout_seconds: int = TIMEOUT_SECONDS,
    tell: Callable[[str], object] = lambda _line: None,
) -> dict[Path, Outputs]:
    """Return the outputs of notebooks: those that are kept, and for all others what their kernels give now.

    As many kernels run as there are processors, first the notebooks that took longest the last time. What has run is
    kept at once, also where another notebook fails.

    Parameters
    ----------
    notebooks : mapping
        Each notebook by its file, as it was read; it runs in the folder of the file, and the file is not touched.
    folder : pathlib.Path
        Where executions are kept.
    state : callable
        Gives what :func:`patient_capital.build.kernel_state` gives now.
    tell : callable, optional
        Gets a line for each notebook that has run: which, and how many are left.

    Raises
    ------
    ExecutionError
        If cells fail or take too long; the message names notebook, cell and error of each. Or if the state is another
        when a notebook has run than it was before: nobody knows which of them its outputs belong to.
    """
    before = state()
    keys = {path: key_of(notebook, before) for path, notebook in notebooks.items()}
    with alone(folder / ".lock"):
        known = {key: kept for key in set(keys.values()) if (kept := recall(folder, key)) is not None}
        # Notebooks with the same code share an execution.
        missing = {key: path for path, key in keys.items() if key not in known}
        seconds = _seconds(folder) if missing else {}

        def done(path: Path, outputs: Outputs, taken: float) -> None:
            if state() != before:
                raise ExecutionError(f"{path.name}: data or code were changed while it ran; run this again")
            known[keys[path]] = outputs
            keep(folder, keys[path], outputs)
            seconds[path.name] = round(taken, 2)
            left = sum(key not in known for key in missing)
            tell(f"executed {path.name} in {taken:.0f} s" + (f", {left} left" if left else ""))

        if missing:
            tell(f"executing {counted(len(missing), 'notebook')} ...")
            longest_first = sorted(missing.values(), key=lambda path: -seconds.get(path.name, float("inf")))
            errors = _in_a_thread(_side_by_side({p: notebooks[p] for p in longest_first}, done, timeout_seconds))
            write_whole(folder / SECONDS, json.dumps(seconds, indent=1))
            if errors:
                raise ExecutionError("\n".join(map(str, errors))) from errors[0].__cause__
        _tidy(folder, set(keys.values()))
    return {path: known[key] for path, key in keys.items()}
