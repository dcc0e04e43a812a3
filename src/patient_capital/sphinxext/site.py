"""Who answers for the site, where it stands, and what it is called: one setting, and what follows from it."""

from __future__ import annotations

import posixpath
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from patient_capital.formatting import human_date
from patient_capital.tables import book_data

TEMPLATES = Path(__file__).parent / "templates"
ADDRESS = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?")
CONTACT = re.compile(r"https?://\S+|[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


@dataclass(frozen=True, slots=True)
class Site:
    """What the setting ``site`` of ``_config.yml`` says; each part may be empty.

    Attributes
    ----------
    address : str
        Where the site stands, with a slash at its end. Where it is empty, nothing on a page is absolute.
    publisher : str
        Who answers for the site.
    contact : str
        Where they can be reached: an address of a page or of mail.
    """

    address: str = ""
    publisher: str = ""
    contact: str = ""

    def url(self, path: str) -> str:
        """Return where a file of the site stands for others, or nothing where the address is not known."""
        return self.address + quote(path) if self.address else ""

    def link(self, path: str, page: str) -> str:
        """Return the address of a file of the site as a page names it: absolute if it can be, relative otherwise."""
        return self.url(path) or relative(path, page)


def relative(path: str, page: str) -> str:
    """Return the address of a file, seen from a page; both are paths from the root of the site."""
    return quote(posixpath.relpath(path, posixpath.dirname(page) or "."))


def site_of(told: object) -> Site:
    """Return what a setting says.

    Raises
    ------
    ValueError
        If it has other parts, or one that cannot be what it is meant for.
    """
    known = Site.__dataclass_fields__
    if not isinstance(told, dict) or not set(told) <= set(known):
        raise ValueError(f"site in _config.yml is {told!r}; it has the parts {', '.join(known)}, and no others")
    parts = {name: str(value or "").strip() for name, value in told.items()}
    for name, form, example in (
        ("address", ADDRESS, "https://example.org/report/"),
        ("contact", CONTACT, "https://example.org/contact or someone@example.org"),
    ):
        if parts.get(name) and not form.fullmatch(parts[name]):
            raise ValueError(f"{name} of site in _config.yml is {parts[name]!r}; write it like {example}")
    if parts.get("address"):
        parts["address"] = parts["address"].rstrip("/") + "/"
    return Site(**parts)


def read_site(app: Sphinx, config: Config) -> None:
    """Read the setting, and make the templates known."""
    try:
        site = site_of(config.site)
    except ValueError as error:
        raise ConfigError(str(error)) from None
    config.html_baseurl = site.address
    config.templates_path = [*config.templates_path, str(TEMPLATES)]


def site(app: Sphinx) -> Site:
    """Return what the setting says."""
    return site_of(app.config.site)


@cache
def _titles(project: Path) -> str:
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["description"])


@dataclass(frozen=True, slots=True)
class Edition:
    """What of the report is cited: its names, who made it, version and day."""

    title: str
    full_title: str
    author: str
    version: str
    day: str

    @property
    def human_day(self) -> str:
        """The day as a reader says it."""
        return human_date(self.day)


def edition(app: Sphinx) -> Edition:
    """Return the edition that is built; the title with its second part stands in ``pyproject.toml``."""
    package = book_data().package
    return Edition(
        title=str(app.config.html_title),
        full_title=_titles(Path(app.srcdir) / "pyproject.toml"),
        author=str(app.config.author),
        version=package.version,
        day=package.edition,
    )


def setup_site(app: Sphinx) -> None:
    """Register the setting."""
    app.add_config_value("site", {}, "html", types=(dict,))
    app.connect("config-inited", read_site)
