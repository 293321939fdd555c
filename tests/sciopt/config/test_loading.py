"""Merging the layers of a config, and telling every problem at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from sciopt.config import Config, load_config
from sciopt.errors import ConfigError

Cells = Annotated[int, Field(ge=8, le=64)]


class Inner(Config):
    depth: int = Field(1, ge=1, description="how deep")
    image: str = Field("none", json_schema_extra={"file": True})


class Settings(Config):
    steps: int = Field(100, ge=1, le=1000, description="time steps; many are slow")
    size: Cells | tuple[Cells, Cells] = Field(16, description="the grid")
    rate: float = Field(0.1, gt=0, description="the step")
    invert: bool = False
    mode: Literal["fast", "slow"] = "fast"
    picture: str = Field("smile", min_length=1, json_schema_extra={"file": True})
    options: dict[str, int | float | bool | str] = Field({})
    inner: Inner = Inner()

    @model_validator(mode="after")
    def _slow_is_fine(self) -> Settings:
        if self.mode == "slow" and self.steps > 500:
            raise ValueError("mode: slow takes at most 500 steps")
        return self


def load(
    text: str | None = None, sets: tuple[str, ...] = (), folder: Path | None = None, **flags: Any
) -> Settings:
    path = None
    if text is not None:
        assert folder is not None
        path = folder / "file.yaml"
        path.write_text(text, encoding="utf-8")
    return load_config(Settings, path=path, sets=sets, flags=flags)


def problems(
    text: str | None = None, sets: tuple[str, ...] = (), folder: Path | None = None, **flags: Any
) -> str:
    with pytest.raises(ConfigError) as caught:
        load(text, sets, folder, **flags)
    return str(caught.value).replace(f"{folder}/", "")


def test_nothing_given_means_the_defaults() -> None:
    assert load() == Settings()


def test_later_layers_win_from_file_over_set_to_flags(tmp_path: Path) -> None:
    text = "steps: 1\nsize: 10\nrate: 0.2\n"
    config = load(text, ("size=20", "rate=0.3"), tmp_path, rate=0.4)
    assert (config.steps, config.size, config.rate) == (1, 20, 0.4)


def test_a_flag_that_was_not_given_changes_nothing(tmp_path: Path) -> None:
    assert load("steps: 7", (), tmp_path, steps=None).steps == 7


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load().steps = 3  # type: ignore[misc]


def test_dots_reach_into_mappings_and_keep_what_is_there(tmp_path: Path) -> None:
    config = load("options: {a: 1}\n", ("options.b=two", "inner.depth=3"), tmp_path)
    assert config.options == {"a": 1, "b": "two"}
    assert config.inner.depth == 3


@pytest.mark.parametrize(
    ("written", "value"), [("1e2", 100), ("20.0", 20), ("[8, 9]", (8, 9)), ("64", 64)]
)
def test_whole_numbers_may_be_written_as_floats_and_pairs_as_lists(
    written: str, value: object
) -> None:
    field = "steps" if value == 100 else "size"
    assert getattr(load(sets=(f"{field}={written}",)), field) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stpes: 3", "file.yaml:1: stpes: unknown key; did you mean steps?"),
        ("zzz: 3", "file.yaml:1: zzz: unknown key; the keys are steps, size, "),
        ("steps: 0", "file.yaml:1: steps: must be at least 1, got 0 (time steps)"),
        ("steps: 1001", "file.yaml:1: steps: must be at most 1000, got 1001 (time steps)"),
        ("steps: true", "steps: must be a whole number, got true (time steps)"),
        ("steps: '10'", "steps: must be a whole number, got '10' (time steps)"),
        ("steps: 10.5", "steps: must be a whole number, got 10.5 (time steps)"),
        ("steps:", "steps: has no value; give one or leave the key out (time steps)"),
        ("size: 5", "size: must be at least 8, got 5 (the grid)"),
        ("size: [9, 65]", "size: must be at most 64, got 65 (the grid)"),
        (
            "size: [9, 9, 9]",
            "size: must be a whole number or a list of 2 whole numbers, got [9, 9, 9] (the grid)",
        ),
        ("rate: 0", "rate: must be greater than 0, got 0 (the step)"),
        ("rate: .nan", "rate: must be a finite number, got nan (the step)"),
        ("rate: yes", "rate: must be a number, got 'yes' (the step)"),
        ("rate: true", "rate: must be a number, got true (the step)"),
        ("invert: 1", "invert: must be true or false, got 1"),
        ("mode: fats", "mode: must be one of fast, slow, got 'fats'"),
        ("picture: ''", "picture: must not be empty, got ''"),
        ("picture: 3", "picture: must be text, got 3"),
        ("options: 3", "options: must be a mapping of names to values, got 3"),
        ("options: {a: [1]}", "options.a: must be a number, true, false or text, got [1]"),
        ("inner: {dpeth: 1}", "inner.dpeth: unknown key; did you mean depth?"),
        ("\ninner:\n  depth: 0", "file.yaml:3: inner.depth: must be at least 1, got 0 (how deep)"),
        ("mode: slow\nsteps: 600", "mode: slow takes at most 500 steps"),
        ('picture: "\\ud800"', "file.yaml:1: picture: '\\ud800' is not valid text"),
        ('size: ["\\ud800"]', "file.yaml:1: size: ['\\ud800'] is not valid text"),
    ],
)
def test_a_bad_value_is_reported_with_its_place_and_what_is_allowed(
    tmp_path: Path, text: str, message: str
) -> None:
    assert message in problems(text, folder=tmp_path)


def test_all_problems_of_all_layers_come_in_one_message(tmp_path: Path) -> None:
    text = "stpes: 3\nsteps: 0\n"
    message = problems(text, ("sice=3", "mode", "steps.x=1", "rate=["), tmp_path, size=-5)
    assert message.splitlines() == [
        "7 problems in the settings",
        "  --set mode: write it as key=value, for example steps=50",
        "  --set steps.x: steps is not a mapping",
        "  --set rate: expected the node content, but found '<stream end>'",
        "  file.yaml:1: stpes: unknown key; did you mean steps?",
        "  file.yaml:2: steps: must be at least 1, got 0 (time steps)",
        "  --set sice: unknown key; did you mean size?",
        "  --size: must be at least 8, got -5 (the grid)",
    ]


def test_a_bad_value_that_a_later_layer_replaces_is_no_problem(tmp_path: Path) -> None:
    assert load("steps: 0", (), tmp_path, steps=3).steps == 3


def test_a_flood_of_problems_is_counted_rather_than_poured_out(tmp_path: Path) -> None:
    lines = problems("".join(f"key{i}: 1\n" for i in range(50)), folder=tmp_path).splitlines()
    assert (lines[0], lines[-1]) == ("50 problems in the settings", "  and 30 more")
    assert len(lines) == 22


def test_a_flag_is_named_as_it_is_typed() -> None:
    assert problems(no_such=1).startswith("--no-such: unknown key")


def test_pydantic_s_own_words_never_reach_the_user(tmp_path: Path) -> None:
    message = problems("steps: x\nsize: x\nrate: x\ninvert: x\noptions: x\ninner: x", (), tmp_path)
    assert "6 problems" in message
    for words in ("Input should", "valid", "pydantic", "type="):
        assert words not in message


def test_a_required_setting_that_is_missing_is_named() -> None:
    class Needy(Config):
        data: str = Field(description="what to learn from")

    with pytest.raises(ConfigError, match=r"data: required, but not given \(what to learn from\)"):
        load_config(Needy)


class TestFiles:
    """Relative names of files count from where they are written."""

    def test_in_a_file_from_its_folder(self, tmp_path: Path) -> None:
        (tmp_path / "skull.png").touch()
        text = "picture: skull.png\ninner: {image: ./gone.png}"
        config = load(text, (), tmp_path)
        assert config.picture == str(tmp_path / "skull.png")
        assert config.inner.image == str(tmp_path / "gone.png")

    def test_on_the_command_line_from_the_working_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("a.png").touch()
        assert load(picture="a.png").picture == str(tmp_path / "a.png")
        assert load(sets=("picture=b/c.png",)).picture == str(tmp_path / "b" / "c.png")

    @pytest.mark.parametrize("name", ["smile", "smile.png", "text:a/b", "x" * 5000, "nul\0"])
    def test_what_is_no_file_stays_as_it_is(self, name: str) -> None:
        assert load(picture=name).picture == name

    def test_an_object_in_a_file_keeps_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "mine.py").touch()
        config = load("picture: mine.py:Model", (), tmp_path)
        assert config.picture == str(tmp_path / "mine.py:Model")
        assert load("picture: gone.py:Model", (), tmp_path).picture == "gone.py:Model"

    def test_home_may_be_written_as_a_tilde(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        assert load(picture="~/a.png").picture == str(tmp_path / "a.png")

    def test_a_link_keeps_its_own_name(self, tmp_path: Path) -> None:
        (tmp_path / "real.png").touch()
        (tmp_path / "link.png").symlink_to("real.png")
        assert load("picture: link.png", (), tmp_path).picture == str(tmp_path / "link.png")

    def test_other_text_is_never_taken_for_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a").touch()
        assert load("options: {x: a}", (), tmp_path).options == {"x": "a"}


class Piece(Config):
    shorthand: ClassVar[str] = "a number"

    size: int = Field(3, ge=1, description="how large")
    kind: Literal["red", "blue"] = "red"


def _piece(value: Any) -> Any:
    return {"size": value} if isinstance(value, int) else value


AnyPiece = Annotated[Piece, BeforeValidator(_piece)]


class Puzzle(Config):
    corner: AnyPiece | None = None
    pieces: dict[str, AnyPiece] = Field({})
    start: Literal["empty"] | Piece = "empty"
    frame: Piece = Field(Piece(), json_schema_extra={"shorthand": "kind"})


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("corner.sise=3", "corner.sise: unknown key; did you mean size?"),
        ("corner.size=0", "corner.size: must be at least 1, got 0 (how large)"),
        ("corner=x", "corner: must be a number or a mapping with size, kind, got 'x'"),
        ("pieces={a: {sise: 3}}", "pieces.a.sise: unknown key; did you mean size?"),
        ("pieces.a.kind=green", "pieces.a.kind: must be one of red, blue, got 'green'"),
        ("start.sise=3", "start.sise: unknown key; did you mean size?"),
        ("start=full", "start: must be empty or a number or a mapping with"),
        ("frame=green", "frame: must be one of red, blue, got 'green'"),
    ],
)
def test_problems_deep_inside_are_named_by_their_whole_key(written: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(Puzzle, sets=[written])
    assert str(caught.value).startswith(f"--set {message}")


def test_a_shorthand_and_its_other_keys_can_be_set_apart(tmp_path: Path) -> None:
    path = tmp_path / "puzzle.yaml"
    path.write_text("frame: blue\n")
    config = load_config(Puzzle, path=path, sets=["frame.size=2"], flags={"corner.size": 4})
    assert config.frame == Piece(size=2, kind="blue")
    assert config.corner == Piece(size=4)
