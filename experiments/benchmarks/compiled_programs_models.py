"""Models as people write them in NumPy: the programs of `compiled_programs` that learn.

A program takes NumPy's namespace and its arguments, of which the first, a nest of arrays, is
differentiated. Where JAX's users write it in other words, the twin beside it takes `jax`.
"""

from __future__ import annotations

from typing import Any

# -- recurrent networks ----------------------------------------------------------------------------


def rnn(np: Any, params: Any, inputs: Any, targets: Any) -> Any:
    """A recurrent network read out at its end. inputs (steps, batch, features)."""
    state = np.zeros((inputs.shape[1], params["recurrent"].shape[0]))
    for u in inputs:
        state = np.tanh(state @ params["recurrent"] + u @ params["input"] + params["bias"])
    return np.mean((state @ params["output"] - targets) ** 2)


def rnn_in_jax(jax: Any, params: Any, inputs: Any, targets: Any) -> Any:
    """The loop is a scan."""
    np = jax.numpy

    def step(state: Any, u: Any) -> Any:
        new = np.tanh(state @ params["recurrent"] + u @ params["input"] + params["bias"])
        return new, None

    start = np.zeros((inputs.shape[1], params["recurrent"].shape[0]))
    state, _ = jax.lax.scan(step, start, inputs)
    return np.mean((state @ params["output"] - targets) ** 2)


def lstm_cell(np: Any, params: Any, state: Any, u: Any) -> Any:
    """One step of a long short-term memory; state is (hidden, cell), each (batch, n)."""

    def sigmoid(x: Any) -> Any:
        return 0.5 * (np.tanh(0.5 * x) + 1.0)

    hidden, cell = state
    gates = np.concatenate([hidden, u], axis=1) @ params["gates"] + params["bias"]
    keep, write, read, new = np.split(gates, 4, axis=1)
    cell = sigmoid(keep) * cell + sigmoid(write) * np.tanh(new)
    return sigmoid(read) * np.tanh(cell), cell


def lstm(np: Any, params: Any, inputs: Any, labels: Any) -> Any:
    """Labels of sequences from an LSTM's last state: mean cross-entropy."""
    state = (np.zeros((inputs.shape[1], params["output"].shape[0])),) * 2
    for t in range(len(inputs)):
        state = lstm_cell(np, params, state, inputs[t])
    return cross_entropy(np, state[0] @ params["output"], labels)


def lstm_in_jax(jax: Any, params: Any, inputs: Any, labels: Any) -> Any:
    """The loop is a scan."""
    np = jax.numpy
    start = (np.zeros((inputs.shape[1], params["output"].shape[0])),) * 2
    state, _ = jax.lax.scan(lambda state, u: (lstm_cell(np, params, state, u), None), start, inputs)
    return cross_entropy(np, state[0] @ params["output"], labels)


# -- layers ----------------------------------------------------------------------------------------


def cross_entropy(np: Any, scores: Any, labels: Any) -> Any:
    """Mean negative log-probability of the labels; scores (examples, classes)."""
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    return np.mean(log_sum - shifted[np.arange(len(labels)), labels])


def layer_norm(np: Any, x: Any, scale: Any, shift: Any) -> Any:
    """Each row to mean 0 and variance 1, then scaled and shifted."""
    centred = x - np.mean(x, axis=-1, keepdims=True)
    return centred / np.sqrt(np.var(x, axis=-1, keepdims=True) + 1e-5) * scale + shift


def normalized_network(np: Any, layers: Any, x: Any, labels: Any) -> Any:
    """A perceptron with layer normalization before each hidden nonlinearity."""
    *hidden, (weights, bias) = layers
    for w, b, scale, shift in hidden:
        x = np.maximum(layer_norm(np, x @ w + b, scale, shift), 0.0)
    return cross_entropy(np, x @ weights + bias, labels)


def adam_step(value_and_grad: Any, np: Any, layers: Any, moments: Any, x: Any, labels: Any) -> Any:
    """The loss of the normalized network, and its layers and moments after a step of Adam."""
    loss, slopes = value_and_grad(lambda layers: normalized_network(np, layers, x, labels))(layers)
    updated = []
    for arrays, gs, pairs in zip(layers, slopes, moments):
        means = [0.9 * m + 0.1 * g for (m, _), g in zip(pairs, gs)]
        spreads = [0.999 * v + 0.001 * g**2 for (_, v), g in zip(pairs, gs)]
        moved = [w - 0.001 * m / (np.sqrt(v) + 1e-8) for w, m, v in zip(arrays, means, spreads)]
        updated.append((tuple(moved), list(zip(means, spreads))))
    return loss, [layer for layer, _ in updated], [pairs for _, pairs in updated]


def attention(np: Any, params: Any, x: Any, targets: Any) -> Any:
    """Causal attention of several heads with a residual. x (batch, tokens, width)."""
    batch, tokens, width = x.shape
    heads = 4

    def split(w: Any) -> Any:
        return np.transpose(np.reshape(x @ w, (batch, tokens, heads, -1)), (0, 2, 1, 3))

    queries, keys, values = (split(params[name]) for name in ("queries", "keys", "values"))
    scores = queries @ np.swapaxes(keys, -1, -2) / (width / heads) ** 0.5
    ahead = np.triu(np.ones((tokens, tokens)), 1) > 0
    scores = np.where(ahead, -1e9, scores)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = weights / np.sum(weights, axis=-1, keepdims=True)
    mixed = np.reshape(np.transpose(weights @ values, (0, 2, 1, 3)), (batch, tokens, width))
    return np.mean((x + mixed @ params["output"] - targets) ** 2)


def convolution(np: Any, params: Any, images: Any, labels: Any) -> Any:
    """A 3 by 3 convolution by gathered patches, pooling, and a dense layer. images (n, h, w)."""
    n, height, width = images.shape
    rows = np.arange(height - 2)[:, None, None] + np.repeat(np.arange(3), 3)
    columns = np.arange(width - 2)[None, :, None] + np.tile(np.arange(3), 3)
    patches = images[:, rows, columns]  # (n, h - 2, w - 2, 9)
    features = np.maximum(patches @ params["kernels"] + params["bias"], 0.0)
    blocks = np.reshape(features, (n, (height - 2) // 2, 2, (width - 2) // 2, 2, -1))
    pooled = np.max(blocks, axis=(2, 4))
    return cross_entropy(np, np.reshape(pooled, (n, -1)) @ params["dense"], labels)


def policy(np: Any, params: Any, states: Any, actions: Any, advantages: Any) -> Any:
    """Policy-gradient loss of a softmax policy, with an entropy bonus."""
    hidden = np.tanh(states @ params["in"] + params["bias"])
    scores = hidden @ params["out"]
    top = np.max(scores, axis=1, keepdims=True)
    log_policy = scores - top - np.log(np.sum(np.exp(scores - top), axis=1, keepdims=True))
    chosen = np.take_along_axis(log_policy, actions[:, None], axis=1)[:, 0]
    entropy = -np.sum(np.exp(log_policy) * log_policy, axis=1)
    return -np.mean(chosen * advantages + 0.01 * entropy)


# -- statistics ------------------------------------------------------------------------------------


def logistic_regression(np: Any, params: Any, x: Any, signs: Any) -> Any:
    """Mean logistic loss with a ridge; signs are -1 and 1."""
    weights, bias = params
    margins = signs * (np.dot(x, weights) + bias)
    return np.mean(np.logaddexp(0.0, -margins)) + 0.01 * np.dot(weights, weights)


def gaussian_process(np: Any, params: Any, x: Any, y: Any) -> Any:
    """Negative log marginal likelihood; one length scale for each feature."""
    scaled = x / np.exp(params["log_lengths"])
    squares = np.sum(scaled**2, axis=1)
    distances = np.maximum(squares[:, None] + squares[None, :] - 2.0 * scaled @ scaled.T, 0.0)
    kernel = np.exp(params["log_scale"] - 0.5 * distances)
    kernel = kernel + np.exp(params["log_noise"]) * np.eye(len(y))
    factor = np.linalg.cholesky(kernel)
    whitened = np.linalg.solve(factor, y)
    return 0.5 * np.sum(whitened**2) + np.sum(np.log(np.diag(factor)))


def log_densities(np: Any, params: Any, x: Any) -> Any:
    """Of points (n, d) under the components of a mixture with diagonal covariances: (n, k)."""
    log_weights, means, log_scales = params
    z = (x[:, None, :] - means) / np.exp(log_scales)
    return np.sum(-0.5 * z**2 - log_scales, axis=2) + log_weights


def log_sum_exp(np: Any, x: Any) -> Any:
    """Along the last axis, which is kept."""
    top = np.max(x, axis=-1, keepdims=True)
    return top + np.log(np.sum(np.exp(x - top), axis=-1, keepdims=True))


def em_step(np: Any, params: Any, x: Any) -> Any:
    """How well a mixture of normal distributions fits after a step of expectation maximization."""
    joint = log_densities(np, params, x)
    shares = np.exp(joint - log_sum_exp(np, joint))
    counts = np.sum(shares, axis=0)
    means = shares.T @ x / counts[:, None]
    spreads = np.sum(shares[:, :, None] * (x[:, None, :] - means) ** 2, axis=0)
    log_scales = 0.5 * np.log(spreads / counts[:, None] + 1e-3)
    updated = (np.log(counts / len(x)), means, log_scales)
    return -np.mean(log_sum_exp(np, log_densities(np, updated, x)))


def k_means_step(np: Any, centres: Any, x: Any) -> Any:
    """Spread of points around their centres after one step of Lloyd's algorithm."""

    def distances(centres: Any) -> Any:
        return np.sum((x[:, None, :] - centres[None, :, :]) ** 2, axis=2)

    nearest = np.argmin(distances(centres), axis=1)
    mine = (nearest[:, None] == np.arange(len(centres))) * 1.0
    moved = (mine.T @ x + centres) / (np.sum(mine, axis=0)[:, None] + 1.0)
    return np.mean(np.min(distances(moved), axis=1))
