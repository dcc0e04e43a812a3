"""What needs nothing of the pages that Sphinx reads and writes meanwhile is done in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

from sphinx.application import Sphinx
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available


def work_beside(app: Sphinx, event: str, work: Callable[[Sphinx], None]) -> None:
    """Begin some work on the site at an event of the build, and let the build end when it is done.

    Parameters
    ----------
    event : str
        After it nothing that the work needs is changed.
    work : callable
        Takes the application; what it changes there, is changed in its process alone. An error ends the build.
    """
    begun: list[ParallelTasks | SerialTasks] = []

    def begin(app: Sphinx, *_: object) -> None:
        if app.builder.format == "html":
            begun.append(ParallelTasks(1) if parallel_available else SerialTasks())
            begun[-1].add_task(lambda: work(app))

    app.connect(event, begin)
    app.connect("build-finished", lambda *_: [tasks.join() for tasks in begun])
