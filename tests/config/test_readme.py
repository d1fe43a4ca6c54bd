"""The README stays true: every setting that is read stands in its table, and nothing else does."""

import re

from tests.test_architecture import ROOT

_READ = re.compile(r'env\.(?!split_words)\w+\(\s*"([A-Z_]+)"')


def test_the_table_of_settings_names_what_is_read_and_nothing_else() -> None:
    read = set(_READ.findall((ROOT / "config" / "settings.py").read_text()))
    table = (ROOT / "README.md").read_text().split("## Settings")[1].split("\n## ")[0]
    named = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])
    }
    assert named == read


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / "README.md").read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
