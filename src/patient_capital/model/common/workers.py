"""Run one function over many tasks: in this process, in several, or on a cluster, with equal results in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[int, int], object]
"""Called with the number of tasks done and the number of all tasks."""


def _quiet(_done: int, _total: int) -> None:
    """Show nothing."""


def fan_out(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """Return the results of a function over tasks, in the order of the tasks.

    Parameters
    ----------
    function : callable
        Takes one task; it can be pickled where the executor runs other processes. What it returns depends on
        the task alone, so that results are equal wherever it runs.
    tasks : sequence
        Arguments, one a task.
    executor : concurrent.futures.Executor, optional
        Threads, processes, or a cluster (``Client.get_executor()`` of Dask). Without one the tasks run here, in turn.
        It stays open.
    progress : callable, optional
        Called after every task with the number done and the number of all tasks.

    Returns
    -------
    list
        One result a task, in order.

    Raises
    ------
    Exception
        The first error of a task; tasks that have not begun are cancelled.
    """
    report = progress or _quiet
    total = len(tasks)
    if executor is None:
        results = []
        for done, task in enumerate(tasks, 1):
            results.append(function(task))
            report(done, total)
        return results
    futures: list[Future[Result]] = []
    try:
        futures.extend(executor.submit(function, task) for task in tasks)
        for done, future in enumerate(as_completed(futures), 1):
            future.result()
            report(done, total)
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [future.result() for future in futures]
