"""Models and their training, as users of Autograd write them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as onp


def logistic_regression(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    rng = onp.random.RandomState(0)
    inputs, targets = rng.randn(40, 3), rng.rand(40) > 0.5

    def sigmoid(x: Any) -> Any:
        return 0.5 * (np.tanh(x / 2.0) + 1)

    def training_loss(weights: Any) -> Any:
        preds = sigmoid(np.dot(inputs, weights))
        label_probabilities = preds * targets + (1 - preds) * (1 - targets)
        return -np.sum(np.log(label_probabilities))

    gradient = ag.grad(training_loss)
    weights = np.array([0.1, -0.2, 0.3])
    for _ in range(30):
        weights = weights - gradient(weights) * 0.01
    return weights, training_loss(weights)


def multilayer_perceptron(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    optimizers = import_module(f"{package}.misc.optimizers")
    logsumexp = import_module(f"{package}.scipy.special").logsumexp
    rng = onp.random.RandomState(1)
    sizes = ((4, 6), (6, 5), (5, 3))
    params = [(rng.randn(m, n) * 0.3, rng.randn(n) * 0.3) for m, n in sizes]
    images, labels = rng.randn(20, 4), onp.eye(3)[rng.randint(3, size=20)]

    def predict(params: Any, inputs: Any) -> Any:
        for weights, bias in params:
            outputs = np.dot(inputs, weights) + bias
            inputs = np.tanh(outputs)
        return outputs - logsumexp(outputs, axis=1, keepdims=True)

    def objective(params: Any, i: int) -> Any:
        rows = slice(5 * (i % 4), 5 * (i % 4) + 5)
        return -np.mean(np.sum(predict(params, images[rows]) * labels[rows], axis=1))

    history: list[float] = []

    def callback(params: Any, i: int, g: Any) -> None:
        history.append(float(objective(params, 0)))

    trained = optimizers.adam(
        ag.grad(objective), params, step_size=0.02, num_iters=25, callback=callback
    )
    return trained, history


def recurrent_network(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    rng = onp.random.RandomState(2)
    params = {
        "start": rng.randn(1, 5) * 0.1,
        "change": rng.randn(5 + 3 + 1, 5) * 0.3,
        "predict": rng.randn(5 + 1, 3) * 0.3,
    }
    sequence = rng.randn(7, 4, 3)

    def concat_and_multiply(weights: Any, *args: Any) -> Any:
        return np.dot(np.hstack((*args, np.ones((args[0].shape[0], 1)))), weights)

    def loss(params: Any) -> Any:
        hiddens = np.repeat(params["start"], sequence.shape[1], axis=0)
        outputs = []
        for step in sequence:
            hiddens = np.tanh(concat_and_multiply(params["change"], step, hiddens))
            outputs.append(concat_and_multiply(params["predict"], hiddens))
        return np.mean((np.array(outputs)[:-1] - sequence[1:]) ** 2)

    return ag.value_and_grad(loss)(params)


def long_short_term_memory(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    rng = onp.random.RandomState(3)
    gates = {name: rng.randn(2 + 4 + 1, 4) * 0.2 for name in ("change", "forget", "in", "out")}

    def sigmoid(x: Any) -> Any:
        return 0.5 * (np.tanh(x) + 1.0)

    def final(gates: Any, xs: Any) -> Any:
        h, c = np.zeros((3, 4)), np.zeros((3, 4))
        for x in xs:
            joined = np.concatenate([x, h, np.ones((3, 1))], axis=1)
            change = np.tanh(np.dot(joined, gates["change"]))
            forget = sigmoid(np.dot(joined, gates["forget"]))
            c = c * forget + sigmoid(np.dot(joined, gates["in"])) * change
            h = sigmoid(np.dot(joined, gates["out"])) * np.tanh(c)
        return np.sum(h**2)

    return ag.grad(final, (0, 1))(gates, rng.randn(5, 3, 2))


def gaussian_mixture(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    logsumexp = import_module(f"{package}.scipy.special").logsumexp
    mvn = import_module(f"{package}.scipy.stats.multivariate_normal")
    flatten = import_module(f"{package}.misc.flatten").flatten_func
    rng = onp.random.RandomState(4)
    data = rng.randn(15, 2)
    params = {
        "log proportions": rng.randn(3) * 0.1,
        "means": rng.randn(3, 2),
        "lower triangles": onp.array([onp.eye(2) + 0.1 * rng.randn(2, 2) for _ in range(3)]),
    }

    def log_likelihood(params: Any) -> Any:
        weights = params["log proportions"] - logsumexp(params["log proportions"])
        per_cluster = []
        for weight, mean, root in zip(weights, params["means"], params["lower triangles"]):
            covariance = np.dot(root.T, root)
            per_cluster.append(weight + mvn.logpdf(data, mean, covariance))
        return np.sum(logsumexp(np.vstack(per_cluster), axis=0))

    flat, unflatten, start = flatten(lambda p: log_likelihood(p), params)
    gradient = ag.grad(lambda x: np.sum(flat(x)))(start)
    return unflatten(gradient), ag.hessian_vector_product(lambda x: np.sum(flat(x)))(
        start, onp.ones_like(start)
    )


def variational_inference(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    norm = import_module(f"{package}.scipy.stats.norm")
    adam = import_module(f"{package}.misc.optimizers").adam

    def log_density(x: Any) -> Any:
        mu, log_sigma = x[:, 0], x[:, 1]
        return norm.logpdf(log_sigma, 0, 1.35) + norm.logpdf(mu, 0, np.exp(log_sigma))

    def objective(params: Any, t: int) -> Any:
        mean, log_std = params[:2], params[2:]
        noise = onp.random.RandomState(t).randn(50, 2)
        samples = noise * np.exp(log_std) + mean
        entropy = 0.5 * 2 * (1.0 + np.log(2 * np.pi)) + np.sum(log_std)
        return -(entropy + np.mean(log_density(samples)))

    return adam(
        ag.grad(objective), onp.array([-1.0, -1.0, -5.0, -5.0]), num_iters=40, step_size=0.1
    )


def bayesian_neural_network(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    rng = onp.random.RandomState(5)
    shapes = [(1, 8), (8, 1)]
    n_weights = sum((m + 1) * n for m, n in shapes)
    inputs = onp.linspace(-2, 2, 12)[:, None]
    targets = onp.cos(inputs) + rng.randn(12, 1) * 0.1

    def unpack(weights: Any) -> Any:
        for m, n in shapes:
            cut = m * n
            yield (
                weights[:, :cut].reshape((len(weights), m, n)),
                weights[:, cut : cut + n].reshape((len(weights), 1, n)),
            )
            weights = weights[:, (m + 1) * n :]

    def log_posterior(weights: Any) -> Any:
        hidden = np.expand_dims(inputs, 0)
        for w, b in unpack(weights):
            outputs = np.einsum("mnd,mdo->mno", hidden, w) + b
            hidden = np.exp(-(outputs**2))
        return -np.sum(weights**2, axis=1) - np.sum((outputs - targets) ** 2, axis=1)[:, 0]

    def bound(params: Any) -> Any:
        samples = rng_samples * np.exp(params[n_weights:]) + params[:n_weights]
        return np.mean(log_posterior(samples)) + np.sum(params[n_weights:])

    rng_samples = rng.randn(6, n_weights)
    return ag.grad(bound)(onp.concatenate([rng.randn(n_weights) * 0.1, -2 * onp.ones(n_weights)]))


def convolutional_features(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    convolve = import_module(f"{package}.scipy.signal").convolve
    rng = onp.random.RandomState(6)
    images, filters = rng.randn(2, 1, 6, 6), rng.randn(1, 3, 3, 3)

    def loss(filters: Any, images: Any) -> Any:
        maps = convolve(images, filters, axes=([2, 3], [2, 3]), dot_axes=([1], [0]), mode="valid")
        pooled = np.max(np.max(maps.reshape((2, 3, 2, 2, 2, 2)), axis=3), axis=4)
        return np.sum(np.tanh(pooled))

    return ag.grad(loss, argnum=(0, 1))(filters, images)


def generative_adversary(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    flatten = import_module(f"{package}.misc.flatten").flatten
    rng = onp.random.RandomState(7)
    noise, data = rng.randn(10, 2), rng.randn(10, 3)
    gen, dsc = {"W": rng.randn(2, 3), "b": rng.randn(3)}, [rng.randn(3, 4), rng.randn(4)]

    def objective(gen: Any, dsc: Any) -> Any:
        fake = np.dot(noise, gen["W"]) + gen["b"]
        score = lambda x: np.dot(np.maximum(np.dot(x, dsc[0]), 0), dsc[1])  # noqa: E731
        return np.mean(-np.logaddexp(0, -score(data)) - np.logaddexp(0, score(fake)))

    both = ag.grad(objective, argnum=[0, 1])
    g_gen, g_dsc = both(gen, dsc)
    return flatten(g_gen)[0], flatten(g_dsc)[0], flatten((g_gen, g_dsc))[0]


def negative_binomial_by_mle(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    gammaln = import_module(f"{package}.scipy.special").gammaln
    counts = onp.array([0.0, 2.0, 5.0, 1.0, 3.0, 8.0])

    def loglike(r: Any, p: Any) -> Any:
        terms = gammaln(r + counts) - gammaln(counts + 1) - gammaln(r)
        return np.sum(terms + counts * np.log(p) + r * np.log(1 - p))

    def newton(r: Any, p: Any) -> Any:
        flat = lambda x: loglike(x[0], x[1])  # noqa: E731
        x = np.array([r, p])
        return x - np.linalg.solve(ag.hessian(flat)(x), ag.grad(flat)(x))

    return newton(2.0, 0.5), ag.grad(loglike, 0)(2.0, 0.5), ag.grad(loglike, 1)(2.0, 0.5)
