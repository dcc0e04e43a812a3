"""Fan-out: order, equal results, progress, and errors that surface."""

from __future__ import annotations

import math
import os
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pickle import PicklingError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patient_capital.model.common.workers import fan_out

quick = settings(deadline=None, max_examples=40)


def square(task):
    return task * task


def slow_first(task):
    time.sleep(0.05 if task == 0 else 0)
    return task


def fail_at_three(task):
    if task == 3:
        raise ValueError(f"task {task} failed")
    return task


def die(task):
    os._exit(1)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(3) as pool:
        yield pool


@quick
@given(st.lists(st.integers(), max_size=30))
def test_without_an_executor_it_is_a_map(tasks):
    assert fan_out(square, tasks) == [square(task) for task in tasks]


def test_results_stand_in_the_order_of_the_tasks(threads):
    assert fan_out(slow_first, range(20), threads) == list(range(20))


def test_the_executor_stays_open(threads):
    fan_out(square, range(3), threads)
    assert threads.submit(square, 4).result() == 16


def test_no_tasks_give_no_results(threads):
    assert fan_out(square, []) == fan_out(square, [], threads) == []


@pytest.mark.parametrize("pooled", [False, True])
def test_progress_is_told_of_every_task(threads, pooled):
    seen = []
    fan_out(square, range(4), threads if pooled else None, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("pooled", [False, True])
def test_an_error_of_a_task_surfaces(threads, pooled):
    with pytest.raises(ValueError, match="task 3 failed"):
        fan_out(fail_at_three, range(200), threads if pooled else None)


def test_after_an_error_tasks_that_have_not_begun_are_cancelled():
    begun = []

    def task(number):
        begun.append(number)
        if number == 0:
            raise ValueError("first")
        time.sleep(0.02)

    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="first"):
        fan_out(task, range(100), pool)
    assert len(begun) < 100


def test_an_error_of_the_progress_surfaces(threads):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fan_out(square, range(5), threads, stop)


def test_processes_give_equal_results_and_their_errors_surface():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert fan_out(square, range(10), pool) == fan_out(square, range(10))
        with pytest.raises(ValueError, match="task 3 failed"):
            fan_out(fail_at_three, range(10), pool)
        with pytest.raises((AttributeError, PicklingError), match="local"):
            fan_out(lambda task: task, range(3), pool)
        with pytest.raises(BrokenProcessPool):
            fan_out(die, range(3), pool)


@pytest.mark.parametrize("processes", [False, True])
def test_a_cluster_gives_equal_results_and_its_errors_surface(processes):
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=processes, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        # Functions that a worker can import wherever pytest was started.
        pool = client.get_executor(pure=False)
        assert fan_out(math.sqrt, range(10), pool) == fan_out(math.sqrt, range(10))
        with pytest.raises(ValueError, match="math domain"):
            fan_out(math.sqrt, [4, 1, -1], pool)
