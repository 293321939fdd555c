"""Settings of the data: where examples come from, how they are split and scaled."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sciopt.config import Config

Share = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1, le=10**9)]
Size = Count | Share | None


class DataConfig(Config):
    """The examples, and which of them are for training, for validation and for the final test."""

    source: str = Field(
        "digits",
        min_length=1,
        description="a name of `sciopt data list`, or a file: .npz, .csv, or IDX as MNIST's",
        json_schema_extra={"file": True},
    )
    data_dir: str | None = Field(
        None,
        description="the folder with MNIST's four files; null looks into $SCIOPT_DATA, then where "
        "`sciopt data fetch mnist` puts them",
        json_schema_extra={"folder": True},
    )
    target: str | None = Field(
        None,
        description="the name of the target: a column of a CSV file, an array of an NPZ file, "
        "or the file of labels beside an IDX file; null takes the usual names",
    )
    task: Literal["auto", "classification", "regression"] = Field(
        "auto",
        description="what the targets are; auto takes text, and whole numbers with few values, "
        "for classes",
    )
    samples: int = Field(
        500,
        ge=4,
        le=10_000_000,
        description="examples that a generator draws",
        json_schema_extra={"unit": "examples"},
    )
    noise: float = Field(
        0.1,
        ge=0,
        description="a generator's noise: its standard deviation, in blobs the width of a blob; "
        "in classification the share of random labels",
    )
    features: int | None = Field(
        None,
        ge=1,
        le=100_000,
        description="numbers per example of the generators blobs, classification, regression and "
        "friedman; null for their usual ones",
    )
    classes: int | None = Field(
        None,
        ge=2,
        le=10_000,
        description="classes of the generators blobs and classification; null for their usual ones",
    )
    train: Size = Field(
        None,
        description="training examples: how many, or a share below 1 of what there is; "
        "null takes what the others leave",
        json_schema_extra={"unit": "examples"},
    )
    validation: Size = Field(
        None,
        description="validation examples, likewise; null takes a fifth, as far as there are enough",
        json_schema_extra={"unit": "examples"},
    )
    test: Size = Field(
        None,
        description="test examples, never used for tuning, likewise; where the source has a test "
        "file, they come from it, and null takes all of it",
        json_schema_extra={"unit": "examples"},
    )
    split: Literal["shuffle", "order"] = Field(
        "shuffle",
        description="shuffle draws the parts by seed; order cuts them from the file as it is: "
        "first training, then validation, then test",
    )
    merge_test: bool = Field(
        False,
        description="whether a test file is put behind the training file before all is split",
    )
    balance: bool | Literal["equal"] = Field(
        False,
        description="true: each part has the class shares of the whole (stratified); "
        "equal: as many of each class; false: as it comes",
    )
    scaling: Literal["auto", "none", "center", "standardize", "unit"] = Field(
        "auto",
        description="what is done to each number of the inputs: center subtracts its mean, "
        "standardize also divides by its standard deviation, unit maps its range to 0..1; auto "
        "standardizes tables and leaves images, whose grey levels are always brought to 0..1",
    )
    fit_on: Literal["train", "source"] = Field(
        "train",
        description="what means and deviations are computed from: the training examples, or the "
        "whole file that they come from",
    )
    scale_targets: bool = Field(
        True,
        description="whether regression targets are standardized, by the training examples",
    )
    corruption: float = Field(
        0.0,
        ge=0,
        le=1,
        description="share of the training labels replaced by a uniformly random other class",
    )
    seed: int = Field(0, ge=0, le=2**32 - 1, description="seed of generators, split and corruption")
