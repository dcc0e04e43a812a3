"""The data package: valid by its own standard, cited without mirrors, corrected where it says so."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import frictionless
import pytest

from patient_capital.tables import DATA_FOLDER

PACKAGE = json.loads((DATA_FOLDER / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}
BAD_HOSTS = [
    line
    for line in (Path(__file__).parent / "unlinkable_hosts.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.filterwarnings("ignore")
def test_frictionless_finds_the_package_valid():
    report = frictionless.validate(str(DATA_FOLDER / "datapackage.json"))
    problems = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
    assert report.valid, "\n".join([*(e.message for e in report.errors), *problems[:20]])
    assert len(report.tasks) == len(RESOURCES)


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_table_describes_itself(name):
    resource = RESOURCES[name]
    assert resource["title"]
    assert len(resource["description"]) > 20
    assert resource["schema"]["primaryKey"]
    for field in resource["schema"]["fields"]:
        assert len(field["description"]) > 3, f"{name}.{field['name']} has no description"
        assert field["title"], f"{name}.{field['name']} has no title"


def test_package_has_licence_and_contributors():
    assert [licence["name"] for licence in PACKAGE["licenses"]] == ["CC-BY-4.0"]
    assert PACKAGE["title"]


def test_every_file_of_the_folder_is_named():
    named = {resource["path"] for resource in RESOURCES.values()} | {
        "datapackage.json",
        "ledger.csv",
        "ledger_inputs.csv",
        "ledger_shown.csv",
    }
    assert {path.name for path in DATA_FOLDER.iterdir()} == named


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def test_no_source_links_to_a_mirror_or_spam_host(raw):
    linked = {key: _host(row["url"]) for key, row in raw("sources").items() if row["url"]}
    wrong = {k: h for k, h in linked.items() if any(h == bad or h.endswith(f".{bad}") for bad in BAD_HOSTS)}
    assert wrong == {}


def test_no_text_of_the_data_names_a_mirror_or_spam_host():
    for path in DATA_FOLDER.iterdir():
        text = path.read_text(encoding="utf-8").lower()
        found = [host for host in BAD_HOSTS if re.search(rf"https?://([\w-]+\.)*{re.escape(host)}", text)]
        assert found == [], path.name


def test_source_without_link_still_says_who_what_and_when(raw):
    for key, row in raw("sources").items():
        assert row["publisher_id"], key
        assert row["title"], key


def test_text_speaks_of_the_facts_not_of_the_search():
    remark = re.compile(
        r"\b(fetched|snippet|search result|could not open|dossier|we read|paywalled copy|cached copy)\b", re.IGNORECASE
    )
    found = []
    for name, resource in RESOURCES.items():
        if name in {"sources", "corrections"}:
            continue
        with (DATA_FOLDER / resource["path"]).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found += [f"{name}: {value}" for value in row.values() if remark.search(value)]
    assert found == []


def test_social_capital_is_not_called_private(raw):
    """What a source calls social capital includes state companies: no English cell of its row makes it private money."""
    for name in RESOURCES:
        for key, row in raw(name).items():
            if name != "corrections" and any("社会资本" in cell or "社會資本" in cell for cell in row.values()):
                told = [cell for cell in row.values() if re.search(r"\bprivate\b", cell)]
                assert not told, f"{name}[{key}]: {told}"


def test_national_fund_and_its_stages_are_what_the_review_settled(raw):
    funds = raw("funds")
    assert funds["cn_nvcgf"]["announced_cny_bn"] == "1000"
    assert funds["cn_nvcgf"]["registered_cny_bn"] == "100"
    assert funds["cn_nvcgf"]["paid_in_cny_bn"] == funds["cn_nvcgf"]["invested_cny_bn"] == ""
    assert {k for k, r in funds.items() if r["parent_id"] == "cn_nvcgf"} == {
        "cn_nvcgf_bth",
        "cn_nvcgf_yrd",
        "cn_nvcgf_gba",
    }
    assert funds["cn_ai_fund"]["parent_id"] == "cn_bigfund3"
