"""Models from files of the user's: what keeps the contract, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_problems import tiny_problem

from sciopt.errors import ModelError
from sciopt.hyperopt.models.user import load_model

GOOD = """\
import autodiff.numpy as np


class Line:
    def init(rng, input_shape, outputs):
        return {"w": rng.standard_normal((input_shape[0], outputs))}

    def predict(params, inputs, width=1.0, *, depth=2):
        return np.dot(width * inputs, params["w"])

    def loss(outputs, targets):
        return np.sum((outputs - targets) ** 2, axis=1)
"""


def refusal(path: Path, text: str, name: str = "Line", **options: float) -> str:
    path.write_text(text)
    with pytest.raises(ModelError) as caught:
        load_model(f"{path}:{name}", options)
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.py"


def test_a_good_model_is_trained(path: Path) -> None:
    path.write_text(GOOD)
    problem = tiny_problem({"learning_rate": {}}, model={"name": f"{path}:Line"})
    weights = problem.inner.train(problem.hyper(problem.space.start), 0)
    assert [w.shape for w in weights] == [(3, 2)]


def test_arguments_of_predict_may_be_fixed_or_tuned(path: Path) -> None:
    path.write_text(GOOD)
    model = load_model(f"{path}:Line", {"width": 0.0})
    assert model.tunable == ("width", "depth")
    assert not model.predict({"w": np.ones((3, 2))}, np.ones((4, 3)), **model.arguments).any()


def test_functions_may_be_of_a_module_or_an_instance(path: Path) -> None:
    path.write_text(
        GOOD + "\nimport types\nspace = types.SimpleNamespace(init=Line.init, predict=Line.predict,"
        " loss=Line.loss)\n"
    )
    assert load_model(f"{path}:space", {}).tunable == ("width", "depth")


@pytest.mark.parametrize("spec", ["mine.py", "mine.py:", "mine.py:a b", ":Line"])
def test_a_name_that_is_no_path_and_object(spec: str) -> None:
    with pytest.raises(ModelError, match=r"path/to/file\.py:name|there is no file"):
        load_model(spec, {})


def test_a_missing_file(path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no file .*mine\.py"):
        load_model(f"{path}:Line", {})


def test_a_file_that_is_not_python(tmp_path: Path) -> None:
    assert "must end in .py" in refusal(tmp_path / "mine.txt", GOOD)


def test_a_missing_object_suggests_the_nearest(path: Path) -> None:
    message = refusal(path, GOOD, "Lines")
    assert f"{path}: there is no 'Lines' in it" in message
    assert "did you mean Line?" in message


@pytest.mark.parametrize("function", ["init", "predict", "loss"])
def test_a_missing_function_is_named_with_its_arguments(path: Path, function: str) -> None:
    message = refusal(path, GOOD.replace(f"def {function}(", f"def not_{function}("))
    assert f"Line has no function {function}(" in message


def test_predict_without_inputs(path: Path) -> None:
    text = GOOD.replace("params, inputs, width=1.0, *, depth=2", "params")
    assert "predict must take (params, inputs)" in refusal(path, text)


def test_an_unknown_option_suggests_the_nearest(path: Path) -> None:
    message = refusal(path, GOOD, "Line", widht=2.0)
    assert "model.options.widht" in message
    assert "did you mean width?" in message


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            'np.dot(width * inputs, params["w"])', "inputs[:, 0]",
            "Line.predict must return shape (2, 2) for 2 examples, but returns (2,)",
        ),
        (
            "np.sum((outputs - targets) ** 2, axis=1)", "np.mean(outputs)",
            "Line.loss must return shape (2,) for 2 examples, but returns ()",
        ),
    ],
)  # fmt: skip
def test_results_of_other_shapes(path: Path, right: str, wrong: str, said: str) -> None:
    path.write_text(GOOD.replace(right, wrong))
    with pytest.raises(ModelError) as caught:
        tiny_problem({"learning_rate": {}}, model={"name": f"{path}:Line"})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("x = 1\ny = x / 0\n", 2, "ZeroDivisionError: division by zero"),
        ("def f(:\n", 1, "SyntaxError"),
        ("\n\nimport no_such_module\n", 3, "ModuleNotFoundError"),
    ],
)
def test_a_file_that_raises_is_told_with_its_line(
    path: Path, text: str, line: int, said: str
) -> None:
    message = refusal(path, text)
    assert message.startswith(f"{path}:{line}: the file could not be run: ")
    assert said in message


@pytest.mark.parametrize(("function", "line"), [("init", 6), ("predict", 9), ("loss", 12)])
def test_a_function_that_raises_is_told_with_its_line(path: Path, function: str, line: int) -> None:
    lines = GOOD.splitlines()
    lines[line - 1] = "        raise RuntimeError('not today')"
    path.write_text("\n".join(lines))

    def train() -> None:
        problem = tiny_problem({"learning_rate": {}}, model={"name": f"{path}:Line"})
        problem.inner.train(problem.hyper(problem.space.start), 0)

    with pytest.raises(ModelError) as caught:
        train()
    assert str(caught.value).startswith(f"{path}:{line}: {function}(")
    assert str(caught.value).endswith("failed: RuntimeError: not today")


@pytest.mark.parametrize(("text", "line"), [("raise SystemExit(3)\n" + GOOD, 1), (GOOD, 6)])
def test_a_file_that_ends_the_program_is_told_with_its_line(
    path: Path, text: str, line: int
) -> None:
    text = text.replace('return {"w"', 'raise SystemExit(3); return {"w"')
    path.write_text(text)
    with pytest.raises(ModelError, match=f"mine.py:{line}: .*SystemExit: 3"):
        load_model(f"{path}:Line", {}).init(np.random.default_rng(0), (2,), 1)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ('{"w": "text"}', "holds values of type <U4"),
        ('{"w": 1j * np.ones(2)}', "holds values of type complex128"),
        ("None", "holds values of type object"),
        ("{}", "is empty"),
    ],
)
def test_weights_that_are_no_numbers(path: Path, params: str, said: str) -> None:
    path.write_text(GOOD.replace("return {", f"return {params}\n        return {{"))
    with pytest.raises(ModelError, match=f"Line.init must return .* {said}"):
        tiny_problem({"learning_rate": {}}, model={"name": f"{path}:Line"})
