"""From defaults, a YAML file, `--set` and flags to one frozen, validated config.

- `model` declares `Config`, the base class of every app's settings.
- `reading` turns YAML into plain values, bounded in size and depth, with the line of every key.
- `loading` merges the layers and validates them.
- `wording` says what is wrong with a value, in words of our own.
- `commented` prints a config as YAML with every setting explained.
- `shipped` finds a config file by path or by the bare name of one that comes with sciopt.

No app is known here: an app declares a subclass of `Config` and calls `load_config`.
"""

from sciopt.config.commented import commented_yaml
from sciopt.config.loading import load_config
from sciopt.config.model import Config
from sciopt.config.shipped import find_config, shipped_configs

__all__ = ["Config", "commented_yaml", "find_config", "load_config", "shipped_configs"]
