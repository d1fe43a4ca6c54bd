"""docs/states.md says what the code says."""

from docs.make_states import page
from tests.test_architecture import ROOT


def test_the_page_of_states_is_the_one_that_the_tables_give() -> None:
    assert (ROOT / "docs" / "states.md").read_text() == page()
