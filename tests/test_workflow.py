"""The workflow: what it may do, what it runs, and that both are as narrow as they can be."""

from __future__ import annotations

import re

import pytest
import yaml


@pytest.fixture(scope="module")
def text(root):
    return (root / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def jobs(text):
    return yaml.safe_load(text)["jobs"]


def too_much(workflow: str) -> list[str]:
    """Return what a workflow may do and need not, and what others could change in it."""
    read = yaml.safe_load(workflow)
    found = [
        f"permission {name}" for name, level in read.get("permissions", {"all": "write"}).items() if level != "read"
    ]
    for name, job in read["jobs"].items():
        found += [f"{name}: {one}" for one in job.get("permissions", {}) if name != "publish"]
        found += [f"{name}: no limit of time"] if "timeout-minutes" not in job else []
        for step in job["steps"]:
            used = step.get("uses", "")
            if used and not re.search(r"@[0-9a-f]{40}$", used):
                found.append(f"{name}: {used} is not pinned to a commit")
            if "checkout" in used and step.get("with", {}).get("persist-credentials") is not False:
                found.append(f"{name}: keeps credentials")
            if "${{" in step.get("run", ""):
                found.append(f"{name}: a text of others runs")
    return found + [f"trigger {name}" for name in ("pull_request_target", "workflow_run") if name in workflow]


def test_the_workflow_may_read_and_publish_alone(text, jobs):
    assert too_much(text) == []
    assert jobs["publish"]["permissions"] == {"pages": "write", "id-token": "write"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("contents: read", "contents: write", "permission contents"),
        ("timeout-minutes: 30", "", "test: no limit of time"),
        ("actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", "actions/checkout@v4", "not pinned"),
        ("persist-credentials: false", "persist-credentials: true", "keeps credentials"),
        ("make test PYTHON=python3", "echo ${{ github.head_ref }}", "a text of others runs"),
        ("pull_request:", "pull_request_target:", "trigger pull_request_target"),
    ],
)
def test_a_workflow_that_may_do_more_is_seen(text, old, new, told):
    assert old in text
    assert any(told in line for line in too_much(text.replace(old, new)))


def test_every_python_of_the_project_is_tested_and_builds_the_same_site(root, jobs):
    said = re.findall(r"Python :: (3\.\d+)", (root / "pyproject.toml").read_text(encoding="utf-8"))
    assert jobs["test"]["strategy"]["matrix"]["python"] == said
    set_up, build = jobs["same"]["steps"][-2:]
    assert set_up["with"]["python-version"].split() == said
    assert f"for version in {' '.join(said)}; do" in build["run"]
    assert [line.split()[1:] for line in build["run"].splitlines() if line.startswith("diff ")] == [
        [f"../site-{said[0]}", f"../site-{other}"] for other in said[1:]
    ]


def test_nothing_is_published_that_a_gate_has_refused(jobs):
    assert set(jobs["publish"]["needs"]) == {"test", "whole", "build", "same"}
    assert "event_name == 'push'" in jobs["publish"]["if"]


def test_what_takes_hours_runs_on_a_schedule(text, jobs):
    assert yaml.safe_load(text)[True]["schedule"]
    assert jobs["torture"]["steps"][-1]["run"] == "make torture PYTHON=python3"
    assert all("!= 'schedule'" in jobs[name]["if"] for name in ("test", "whole", "build", "same"))
