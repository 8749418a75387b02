"""The base of the public shapes, and what records say of words that no organisation wrote."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Base of the public shapes: frozen, and no field that is not documented."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, from_attributes=True)


class Filling(Shape):
    """Where the words of a side come from that the organisation did not write."""

    unit: str | None = Field(default=None, description="memory: the id of the unit.")
    percent: int | None = Field(default=None, description="memory: how like its source is; 100 is the same words.")
    adjusted: bool = Field(default=False, description="memory: numbers or names were changed in the translation.")
    package: str | None = Field(default=None, description='argos: "translate-ja_en".')
    version: str | None = Field(default=None, description="argos: of the package.")
    sha256: str | None = Field(default=None, description="argos: of the package's files that decide what comes out.")
    concepts: float | None = Field(default=None, description="Share of the source's concepts found in these words.")


class Summary(Shape):
    """A generated statement in controlled language of what a clause mainly says; no translation, and never complete."""

    ja: str
    en: str
