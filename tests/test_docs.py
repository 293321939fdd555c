"""Every program in the docs runs, each on its own, and prints what it says it prints: something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


def programs() -> list[tuple[str, str]]:
    found = []
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        found += [(f"{page.stem}-{k}", block) for k, block in enumerate(blocks)]
    return found


@pytest.mark.parametrize(
    "program", [block for _, block in programs()], ids=[name for name, _ in programs()]
)
def test_programs_in_the_docs_run(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(program, "docs", "exec"), {"__name__": "docs"})
    assert capsys.readouterr().out.strip()


def settings() -> list[str]:
    text = (DOCS / "hyperopt.md").read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", settings())
def test_settings_in_the_docs_are_accepted(block: str, tmp_path: Path) -> None:
    from sciopt.config import load_config
    from sciopt.hyperopt.config import HyperoptConfig

    path = tmp_path / "docs.yaml"
    path.write_text(block, encoding="utf-8")
    assert load_config(HyperoptConfig, path=path) != HyperoptConfig()


def test_links_between_pages_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for name in re.findall(r"`([a-z-]+\.md)`", page.read_text(encoding="utf-8")):
            assert (DOCS / name).is_file(), f"{page.name} names {name}"
