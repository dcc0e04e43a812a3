"""Records of parameters: value, span, unit, role, grade of evidence and sources, checked when they are made.

The model never reads a file: the caller passes the rows of the table of parameters. Grades: A official figure
or abstract read directly; B data vendor, good press or quoted study; C weak, secondary or derived; D assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from patient_capital.model.common.checks import DomainError, between, finite

Grade = Literal["A", "B", "C", "D"]
Role = Literal["calibrate", "heldout", "context", "assume"]
SHARES = {"share", "probability", "share_of_commitments", "share_of_profit", "share_per_doubling"}
"""Units of which no value can lie outside 0 to 1."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the model.

    Attributes
    ----------
    id : str
        Permanent id, as ``vr_alpha``.
    name : str
        What it is, for a reader.
    value : float
        Central value, in `unit`.
    low, high : float
        Span of the plausible, in `unit`; both equal `value` where none is given.
    unit : str
        Unit code of the table.
    role : {"calibrate", "heldout", "context", "assume"}
        What it may be used for; held-out values are never fitted.
    grade : {"A", "B", "C", "D"}
        Quality of the evidence; D is assumed.
    sources : tuple of str
        Keys of the cited pages.

    Raises
    ------
    DomainError
        If the value lies outside its span, a share outside 0 to 1, or an assumption carries another grade than D.
    """

    id: str
    name: str
    value: float
    low: float
    high: float
    unit: str
    role: Role
    grade: Grade
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        finite(**{f"{self.id}.value": self.value, f"{self.id}.low": self.low, f"{self.id}.high": self.high})
        between(
            f"{self.id}.value", self.value, self.low, self.high, f"must lie in its span {self.low:g} to {self.high:g}"
        )
        if self.unit in SHARES:
            between(f"{self.id}.low", self.low, 0, 1, "a share lies between 0 and 1")
            between(f"{self.id}.high", self.high, 0, 1, "a share lies between 0 and 1")
        if self.grade not in {"A", "B", "C", "D"}:
            raise DomainError(f"{self.id}.grade", self.grade, "must be A, B, C or D")
        if self.role == "assume" and self.grade != "D":
            raise DomainError(f"{self.id}.grade", self.grade, "an assumption has grade D")

    @property
    def assumed(self) -> bool:
        """Say whether the value has no source."""
        return self.grade == "D"

    def at(self, value: float) -> Parameter:
        """Return the parameter with another value inside its span; ``DomainError`` outside it."""
        return replace(self, value=value)


@dataclass(frozen=True, slots=True)
class Parameters(Mapping[str, Parameter]):
    """All parameters by id; a frozen mapping.

    Attributes
    ----------
    records : mapping of str to Parameter
        The parameters.
    """

    records: Mapping[str, Parameter]

    def __getitem__(self, key: str) -> Parameter:
        """Return one parameter; ``KeyError`` says how ids look if there is none."""
        try:
            return self.records[key]
        except KeyError:
            raise KeyError(
                f"there is no parameter {key!r}; ids look like {', '.join(sorted(self.records)[:3])}"
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def value(self, key: str) -> float:
        """Return the central value of one parameter."""
        return self[key].value

    def values_of(self, keys: Iterable[str]) -> dict[str, float]:
        """Return the central values of several parameters."""
        return {key: self[key].value for key in keys}


def parameters_of(rows: Mapping[str, Mapping[str, str]]) -> Parameters:
    """Make parameters from the rows of the table as they are written.

    Parameters
    ----------
    rows : mapping of str to mapping of str to str
        ``rows[param_id][column]``, with columns name, value, low, high, unit, role, grade and source_keys; an empty
        ``low`` or ``high`` means that no span is given.

    Returns
    -------
    known : Parameters
        All of them, by id.

    Raises
    ------
    DomainError
        If a row breaks a rule; parameter, value and rule are named.
    """
    records = {}
    for key, row in rows.items():
        value = float(row["value"])
        records[key] = Parameter(
            id=key,
            name=row["name"],
            value=value,
            low=float(row["low"] or value),
            high=float(row["high"] or value),
            unit=row["unit"],
            role=cast("Role", row["role"]),
            grade=cast("Grade", row["grade"]),
            sources=tuple(k for k in row["source_keys"].split(";") if k),
        )
    return Parameters(records)
