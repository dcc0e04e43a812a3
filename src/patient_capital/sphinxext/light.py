"""What makes pages light: one sheet of style with what the pages use, one script, a font with the icons they show.

The theme brings a script with every icon there is, which its font draws as well, sheets and scripts for components that
no page of this book has, and live code. Nothing of the theme is rewritten: what is sent is what of it is used. Two
things that a library of components did, the place in the contents of a page and the way back to its top, are in
``pc-theme.js``.
"""

from __future__ import annotations

import io
import logging
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

from patient_capital.files import write_whole
from patient_capital.sphinxext.head import LACKING

SHEET = "site.css"
"""The one sheet of style, made of those that the pages ask for, in their order."""

BUNDLE = "site.js"
"""The one script, made of those that every page asks for, in their order, and of the theme's own."""

THEME_SCRIPT = "scripts/pydata-sphinx-theme.js"

ICON_SCRIPT = re.compile(r"\s*<!-- So that users can add custom icons -->\s*<script[^>]*fontawesome\.js[^>]*></script>")
SHEET_LINK = re.compile(r'\s*<link\b[^>]*\bhref="(?P<href>[^"]*\.css)[^"]*"[^>]*>')
IMPORT = re.compile(r"@import\s+(?:url\()?[\"']?([^\"');]+)[\"']?\)?\s*;")
LIVE_CODE = re.compile(
    r"\s*<script type=\"text/x-thebe-config\">.*?</script>|\s*<script>kernelName = '[^']*'</script>", re.DOTALL
)
UNUSED_SCRIPTS = ("design-tabs.js", "togglebutton.js", "sphinx_highlight.js", "doctools.js")
"""Of tabs, of content that a button hides, of the search of Sphinx and of its index of modules: the book has none of them."""
INLINE_OF_UNUSED = ("toggleHint", "toggleOpenOnPrint", "togglebuttonSelector")
PAGE_NAME = "DOCUMENTATION_OPTIONS.pagename"
"""Of a script that chooses among versions of a site; it stands before the scripts that it needs."""
THEME_SCRIPTS = re.compile(
    r"\s*<!-- Pre-loaded scripts that we'll load fully later -->|\s*<!-- Scripts loaded after <body>[^>]*-->"
    r'|\s*<link rel="preload" as="script"[^>]*>|\s*<script defer src="[^"]*/scripts/[^"]*"></script>'
)
BESIDE = ("cards", "tables")
"""Folders of what pages load when a reader asks for it."""
UNUSED_NAMES = frozenset(
    {"bd-header-version-warning", "version-switcher__menu", "version-switcher__button", "popover", "tooltip", "search"}
)
"""Names in the scripts of what no page has: versions of a site, hints that a browser shows by itself here, and Sphinx's search."""
FONTS = "vendor/fontawesome/webfonts"


logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table of a font


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield each rule of a sheet: what stands before its braces, and what stands between them (None for a statement)."""
    at, depth, start, opened = 0, 0, 0, 0
    while at < len(css):
        letter = css[at]
        if letter in "\"'":
            end = at + 1
            while end < len(css) and css[end] != letter:
                end += 2 if css[end] == "\\" else 1
            at = end
        elif letter == "{":
            if depth == 0:
                opened = at
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1
        elif letter == ";" and depth == 0:
            yield css[start:at].strip(), None
            start = at + 1
        at += 1


def _selectors(text: str) -> list[str]:
    """Return the selectors of a list; a comma inside brackets parts none."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def used(selector: str, names: set[str]) -> bool:
    """Say whether something of the site can match a selector: every class and id that it asks for is named somewhere."""
    # What stands in brackets is an alternative or an exception, and an attribute holds no class.
    plain = re.sub(r"\[[^\]]*\]", "", selector)
    while plain != (plain := re.sub(r"\([^()]*\)", "", plain)):
        pass
    asked = [name.replace("\\", "") for name in re.findall(r"[.#]((?:[\w-]|\\.)+)", plain)]
    return names.issuperset(asked)


def purged(css: str, names: set[str]) -> str:
    """Return a sheet without the rules that nothing of the site can match.

    Parameters
    ----------
    names : set of str
        Every word that pages and scripts of the site hold where a class or an id may stand.
    """
    kept = []
    for head, body in rules(css):
        if body is None:
            kept.append(f"{head};")
        elif head.startswith(("@media", "@supports", "@layer", "@container")):
            inner = purged(body, names)
            if inner:
                kept.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        else:
            wanted = [one for one in _selectors(head) if used(one, names)]
            if wanted:
                kept.append(f"{','.join(wanted)}{{{body}}}")
    return "".join(kept)


def names_in(texts: Iterable[str]) -> set[str]:
    """Return every word of pages and scripts that may name a class or an id."""
    found: set[str] = set()
    for text in texts:
        found.update(re.findall(r"[\w-]+", text))
    return found


def _markup(html: str) -> str:
    """Return what a page says of classes and ids, without its text."""
    return " ".join(re.findall(r'\b(?:class|id)="([^"]*)"', html))


def moved(css: str, sheet: str) -> str:
    """Return a sheet as it must stand in the folder of assets; comments go, and what it loads is found as before."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    folder = posixpath.dirname(sheet)

    def target(match: re.Match[str]) -> str:
        place = match[1].strip("\"'")
        return (
            match[0]
            if re.match(r"data:|https?:|#|/", place)
            else f"url({posixpath.normpath(posixpath.join(folder, place))})"
        )

    return re.sub(r"url\(\s*((?!data:)[^)]+?)\s*\)", target, css)


def read_sheet(static: Path, name: str) -> str:
    """Return a sheet of the folder of assets, moved to it, with the sheets that it imports in their places."""
    own, *rest = IMPORT.split((static / name).read_text(encoding="utf-8"))
    parts = [moved(own, name)]
    for place, after in zip(rest[::2], rest[1::2], strict=True):
        parts += [
            read_sheet(static, posixpath.normpath(posixpath.join(posixpath.dirname(name), place))),
            moved(after, name),
        ]
    return "".join(parts)


def light_head(head: str) -> str:
    """Return the head of a page, as the theme writes it, with one sheet of style and without the script of all icons.

    The first theme of a reader is that of the device, and set before anything is drawn: the theme leaves it empty,
    which its own script calls an error. Before it stands what a browser may lack.
    """
    head = THEME_SCRIPTS.sub("", ICON_SCRIPT.sub("", head))
    head = head.replace('getItem("mode") || ""', 'getItem("mode") || "auto"')
    head = head.replace("document.documentElement.dataset.mode =", f"{LACKING}document.documentElement.dataset.mode =")
    device = '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")'
    head = head.replace('getItem("theme") || ""', f'getItem("theme") || {device}')
    links = list(SHEET_LINK.finditer(head))
    if not links:
        return head
    root = links[0]["href"].partition("_static/")[0]
    head = SHEET_LINK.sub("", head)
    return f'{head}\n  <link rel="stylesheet" type="text/css" href="{root}_static/{SHEET}" />\n'


def lighten(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Note the sheets of a page, and take away the scripts that nothing of the book needs, and live code."""
    context["pc_light"] = light_head
    if "body" in context:
        context["body"] = LIVE_CODE.sub("", context["body"])

    bundled = {f"_static/{name}" for name in scripts(app)}

    def wanted(script: Any) -> bool:
        name, inline = _name(script), str(getattr(script, "attributes", {}).get("body", ""))
        return not (
            name.endswith(UNUSED_SCRIPTS)
            or name in bundled
            or any(mark in inline for mark in (PAGE_NAME, *INLINE_OF_UNUSED))
        )

    # In place, as the list is the one that the page is written from.
    context["script_files"][:] = [one for one in context["script_files"] if wanted(one)]
    app.add_js_file(BUNDLE, loading_method="defer", priority=890)


def _name(script: Any) -> str:
    return str(getattr(script, "filename", None) or "")


def scripts(app: Sphinx) -> list[str]:
    """Return the scripts that every page asks for, by path in the folder of assets; that of the theme comes last."""
    asked = sorted(app.builder._orig_js_files, key=lambda one: one.priority)  # type: ignore[attr-defined]  # only builders of HTML have it
    names = [_name(one).partition("_static/")[2] or _name(one) for one in asked if _name(one)]
    return [
        *(
            name
            for name in dict.fromkeys(names)
            if not name.endswith(UNUSED_SCRIPTS) and "thebe" not in name and ":" not in name
        ),
        THEME_SCRIPT,
    ]


DECLARED = re.compile(
    r"(--[\w-]+)\s*:(?:\"[^\"]*\"|'[^']*'|\((?:\"[^\"]*\"|'[^']*'|[^()\"']|\([^()]*\))*\)|[^;{}\"'()])*;?"
)
"""A property of a sheet's own, with its value, which may hold semicolons in quotes or brackets."""


def without_unread(css: str, texts: str) -> str:
    """Return a sheet without properties of its own that nothing reads, neither it nor the given texts."""
    read = set(re.findall(r"var\(\s*(--[\w-]+)", css)) | set(re.findall(r"--[\w-]+", texts))
    less = DECLARED.sub(lambda match: match[0] if match[1] in read else "", css)
    # What was read by none but these is not read any more.
    return css if less == css else without_unread(less, texts)


COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?!!).*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
"""A comment that has its lines for itself; what begins with an exclamation mark is a licence."""

INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
"""Spaces before a line of a script; where it is of a text over lines, it is markup, in which they part nothing."""


def bundle(static: Path, names: Iterable[str]) -> str:
    """Return scripts as one, in their order, without indents and comments on lines of their own."""
    texts = (INDENT.sub("", COMMENT.sub("", (static / name).read_text(encoding="utf-8") + "\n")) for name in names)
    return "".join(f"{text.strip()}\n;\n" for text in texts)


def packed(css: str) -> str:
    """Return a sheet without spaces that part nothing."""
    return re.sub(r" *([{};]) *", r"\1", re.sub(r"\s*\n\s*", " ", css)).replace(";}", "}")


def sheets(app: Sphinx) -> list[str]:
    """Return the sheets of the site in the order of a page that asks for all of them, by path in the folder of assets."""
    known = ["styles/theme.css", "styles/pydata-sphinx-theme.css"]
    own = sorted(app.builder._css_files, key=lambda one: one.priority)  # type: ignore[attr-defined]  # only builders of HTML have it
    listed = [str(one.filename).partition("_static/")[2] or str(one.filename) for one in own]
    return [name for name in dict.fromkeys([*known, *listed]) if "thebe" not in name]


def subset(font: Path, letters: set[int]) -> bytes:
    """Return a font with some letters alone."""
    options = Options()
    options.layout_features = []
    options.notdef_outline = True
    loaded = TTFont(font, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(loaded)
    buffer = io.BytesIO()
    loaded.save(buffer)
    return buffer.getvalue()


def write_light(app: Sphinx, error: Exception | None) -> None:
    """Write the one sheet and the font of its icons, and take the leftovers away."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    write_whole(static / BUNDLE, bundle(static, scripts(app)))
    # The theme keeps a template among its assets.
    pages = sorted(page for page in out.rglob("*.html") if static not in page.parents)
    read = [page.read_text(encoding="utf-8") for page in pages]
    texts = [path.read_text(encoding="utf-8") for path in sorted(asked_for(static, read)) if path.suffix == ".js"]
    beside = [
        path.read_text(encoding="utf-8").replace('\\"', '"') for name in BESIDE for path in (out / name).rglob("*.js")
    ]
    names = names_in(map(_markup, [*read, *beside])) | (names_in(texts) - UNUSED_NAMES)
    whole = "".join(read_sheet(static, name) for name in sheets(app) if (static / name).is_file())
    # A woff2 needs a packer that is not here; the few icons are small as they are.
    whole = re.sub(r"url\([^)]*\.woff2\)\s*format\(\"?woff2\"?\),?", "", purged(whole, names))
    whole = without_unread(packed(whole), "".join([*texts, *re.findall(r'style="[^"]*"|var\([^)]*\)', "".join(read))]))
    write_whole(static / SHEET, whole)
    letters = {int(code, 16) for code in re.findall(r"\\(f[0-9a-f]{3})\b", whole)} | {
        ord(one) for one in whole if "\ue000" <= one <= "\uf8ff"
    }
    for path in (static / FONTS).glob("*.ttf"):
        write_whole(path, subset(path, letters))
    sweep_assets(static, read)


def asked_for(static: Path, pages: Iterable[str]) -> set[Path]:
    """Return the files of the folder of assets that pages ask for, and those that a script or sheet among them asks for."""
    files = {path.relative_to(static).as_posix(): path for path in static.rglob("*") if path.is_file()}
    names = {name for page in pages for name in re.findall(r"\b_static/([\w./-]+)", page)}
    found: set[str] = set()
    while new := (names & files.keys()) - found:
        found |= new
        told = [files[name].read_text(encoding="utf-8") for name in new if name.endswith((".js", ".css"))]
        names = {name.rpartition("_static/")[2] for text in told for name in re.findall(r"[\w./-]+", text)}
    return {files[name] for name in found}


def sweep_assets(static: Path, pages: Iterable[str]) -> None:
    """Take away what nothing asks for: of the theme, of extensions, and what the one sheet and the one script were made of."""
    asked = asked_for(static, pages)
    for path in sorted(static.rglob("*"), reverse=True):  # what is in a folder before the folder
        if path.is_file() and path not in asked:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


KEPT_SPACE = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2>)", re.DOTALL)


def without_empty_lines(html: str) -> str:
    """Return a page without the empty lines and the indents of its templates; code and scripts stay as they are."""
    parts = KEPT_SPACE.split(html)
    # Of three parts the second is kept whole, and the third is only its name.
    return "".join(
        re.sub(r"[ \t]*\n[ \t\n]*", "\n", part) if at % 3 == 0 else part for at, part in enumerate(parts) if at % 3 < 2
    )


PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
"""Names, punctuation and spaces of code, which have the colour of the block."""


def without_plain_spans(html: str) -> str:
    """Return a page whose code has marks only where their colour is another: a third of the elements of a long page."""
    return PLAIN_CODE.sub(r"\1", html)


def setup_light(app: Sphinx) -> None:
    """Register everything with Sphinx; last, when all else is in the pages and beside them."""
    app.connect("html-page-context", lighten, priority=950)
    app.connect("build-finished", write_light, priority=900)
