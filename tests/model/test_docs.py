"""What properties mean, read from the docstrings below them."""

from typing import Annotated

from pydantic import Field

from archtui.model.docs import described, property_docs
from archtui.model.fields import Properties


class Outer(Properties):
    """A kind of the tests."""

    class Inner(Properties):
        """A class within a class."""

        depth: int = 0
        """How ``deep``
        it lies."""

    size: Annotated[int, Field(alias="Size")] = 0
    """How large it is."""
    bare: int = 0
    own: str = "x"
    """Its own."""


class Derived(Outer):
    """Inherits."""

    own: str = "y"
    """Said anew."""


def test_docstrings_are_found_by_name_also_inherited_and_overridden() -> None:
    assert property_docs(Derived)["size"] == "How large it is."
    assert property_docs(Derived)["own"] == "Said anew."
    assert property_docs(Outer)["own"] == "Its own."
    assert "bare" not in property_docs(Derived)
    assert described(Derived, "label").startswith("What people call it")


def test_a_description_is_one_line_without_marks() -> None:
    assert described(Outer.Inner, "depth") == "How deep it lies."
    assert described(Outer, "bare") == ""


def test_the_schema_says_what_a_property_means_under_its_written_name() -> None:
    properties = Derived.model_json_schema(by_alias=True)["properties"]
    assert properties["Size"]["description"] == "How large it is."
    assert properties["own"]["description"] == "Said anew."
    assert "description" not in properties["bare"]
