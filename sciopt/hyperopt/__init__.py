"""Hyperparameters tuned by the gradient of an outer loss through a whole training run.

Data flow downwards:

- `config` holds the settings, `data` the examples, `models` what is trained.
- `hyperparameters` turns one unconstrained vector into the values that training uses, and back.
- `training` is the inner problem: minibatches, update rules, one step.
- `problem` joins these into functions that can be differentiated.
- `hypergradient` holds the ways to differentiate the outer loss, behind one signature.
- `solve` is the outer problem; `result` is what comes out.
"""
