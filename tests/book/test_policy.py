"""What a page may load and run: the policy in its head, made from the scripts and sheets that stand in it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from patient_capital import sphinxext
from patient_capital.sphinxext.policy import digest, guarded, inline, policy
from patient_capital.sphinxext.reach import mended

PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8" />\n<title>t</title><script>a()</script><style>p{}</style>'
    '<script src="x.js"></script><script type="application/ld+json">{}</script><script type="module">b()</script></head></html>'
)


def test_a_hash_is_that_of_the_standard():
    # The example of the specification of Content Security Policy, level 2.
    assert digest("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_scripts_that_run_are_hashed_and_data_and_files_are_not():
    assert inline(PAGE) == (["a()", "b()"], ["p{}"])
    told = dict(part.split(" ", 1) for part in policy(PAGE).split("; "))
    assert told["default-src"] == "'none'"
    assert told["connect-src"] == "'self'"
    assert {digest("a()"), digest("b()")} < set(told["script-src"].split())
    assert digest("p{}") in told["style-src-elem"]
    assert "unsafe" not in told["script-src"] + told["style-src-elem"]
    assert not re.search(r"https?:|\*", policy(PAGE)), "no other host is named"


CONNECTS = r"\bfetch\(|\bXMLHttpRequest\b|\bsendBeacon\b|\bWebSocket\b|\bEventSource\b|\bimportScripts\b|\bWorker\("


def test_no_script_of_the_site_connects_to_anything():
    scripts = list((Path(sphinxext.__file__).parent / "static").glob("*.js"))
    assert len(scripts) > 3
    found = {path.name: re.findall(CONNECTS, path.read_text("utf-8")) for path in scripts}
    assert {name: told for name, told in found.items() if told} == {}
    for call in ("fetch('x')", "new XMLHttpRequest()", "navigator.sendBeacon(a)", "new WebSocket(a)"):
        assert re.search(CONNECTS, call)


def test_policy_stands_before_what_it_rules_and_is_written_once():
    once = guarded(PAGE)
    assert guarded(once) == once
    assert once.index("Content-Security-Policy") < once.index("<title>")
    assert unescape(re.findall(r'Policy" content="([^"]*)"', once)[0]) == policy(PAGE)
    changed = guarded(once.replace("a()", "c()"))
    assert changed.count("Content-Security-Policy") == 1
    assert digest("a()") not in unescape(changed)


def test_what_keeps_somebody_out_is_mended_and_the_rest_stays():
    bad = (
        '<a><p class="title logo__title">\n</p></a><div role="list" class="citation-list"><div role="doc-biblioentry">x</div></div>'
        '<details><summary aria-label="a"><p class="one">b</p></summary><p>c</p></details>'
    )
    good = mended(bad, "A & B")
    assert '<p class="title logo__title">A &amp; B</p>' in good
    assert "role=" not in good
    assert '<summary aria-label="a"><span class="one">b</span></summary><p>c</p>' in good
    assert mended(good, "C") == good


def test_a_name_of_code_goes_on_behind_a_joint_where_it_stands_narrow():
    index = '<table class="indextable genindextable"><tr><td><a href="x.html#a_b.c">a_b() (in module a.__c_d)</a></td></tr></table><p>a_b</p>'
    good = mended(index, "T")
    assert 'href="x.html#a_b.c">a_<wbr>b() (in module a.__c_<wbr>d)<' in good
    assert "<p>a_b</p>" in good
    assert mended(good, "T") == good
