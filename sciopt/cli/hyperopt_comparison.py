"""What `sciopt hyperopt --compare` asks for."""

from __future__ import annotations

from sciopt.errors import ConfigError


def searches_named(text: str | None, seeds: int | None, runs: int | None) -> list[str]:
    """The searches in a list such as "random,tpe", each once.

    Args:
        text: as of --compare; None if it is not given.
        seeds, runs: as of --compare-seeds and --compare-runs, which mean nothing without --compare.
    Raises: ConfigError if a search is unknown, or none is named.
    """
    from sciopt.errors import did_you_mean
    from sciopt.hyperopt.search import SEARCHES

    for option, value in (("--compare-seeds", seeds), ("--compare-runs", runs)):
        if text is None and value is not None:
            raise ConfigError(f"{option}: nothing is compared; add --compare random,tpe")
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    for name in names:
        if name not in SEARCHES:
            hint = did_you_mean(name, SEARCHES) or f"; choose from {', '.join(SEARCHES)}"
            raise ConfigError(f"--compare: there is no search {name!r}{hint}")
    if text is not None and not names:
        raise ConfigError(f"--compare: name one or more of {', '.join(SEARCHES)}")
    return list(dict.fromkeys(names))
