"""The contents in the menu: written once for all pages of code at one depth, and the same on each."""

from __future__ import annotations

from types import SimpleNamespace

from patient_capital import sphinxext
from patient_capital.sphinxext.assets import share_contents

THEME = 500
"""The priority of a theme's own preparation of a page, which is that of Sphinx where none is given."""


def test_contents_of_pages_of_code_are_written_once_a_depth():
    app = SimpleNamespace(env=SimpleNamespace(found_docs={"chapters/funds"}, temp_data={}))
    written = []

    def menu_of(page, **options):
        context = {"toctree": lambda **given: written.append((page, given)) or f"menu of {page}"}
        share_contents(app, page, "page.html", context, None)
        return context["toctree"](**options)

    assert menu_of("_modules/a/b", depth=1) == menu_of("_modules/a/c", depth=1) == "menu of _modules/a/b"
    assert menu_of("_modules/a", depth=1) == "menu of _modules/a", "addresses are relative to the page"
    assert menu_of("_modules/a/d", depth=2) == "menu of _modules/a/d", "other options give another menu"
    assert menu_of("chapters/funds", depth=1) == "menu of chapters/funds", "a page of the book is open in its own menu"
    assert len(written) == 4


def test_contents_are_shared_before_the_theme_asks_for_them():
    connected = {}

    class App:
        def connect(self, event, function, priority=THEME):
            connected[function] = (event, priority)

        def __getattr__(self, name):
            return lambda *args, **options: None

    sphinxext.setup(App())
    event, priority = connected[share_contents]
    assert event == "html-page-context"
    assert priority < THEME
