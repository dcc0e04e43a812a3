"""Libraries that are installed on demand: where one is missing, the message names the extra that brings it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

PACKAGE = "patient_capital"


class MissingExtraError(ModuleNotFoundError):
    """A library of an extra is not installed; the message says what needs it and how to install it."""


@contextmanager
def needed_for(what: str, extra: str) -> Iterator[None]:
    """Import in the body; name the extra where a library is missing.

    Parameters
    ----------
    what : str
        What needs the library, as the subject of a sentence: ``the fits need``.
    extra : str
        Name of the extra; several are separated by commas.

    Raises
    ------
    MissingExtraError
        If a library that the body imports is not installed.
    """
    try:
        yield
    except MissingExtraError:
        raise
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library in {"", PACKAGE}:
            raise
        raise MissingExtraError(f"{what} {library}: pip install 'patient-capital[{extra}]'", name=error.name) from error
