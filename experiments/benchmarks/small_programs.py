"""Small programs of the kinds that people differentiate, each written once for any library.

A program takes NumPy's namespace (`autodiff.numpy`, or a peer's) and then its arguments, of which
the first is differentiated. Arrays have ten to a few hundred entries: what is measured with them is
the library, and not NumPy's arithmetic.
"""

from __future__ import annotations

from typing import Any

# -- models ----------------------------------------------------------------------------------------


def mlp_loss(np: Any, params: Any, x: Any, y: Any) -> Any:
    """Mean squared error of a perceptron with two tanh layers; parameters in a list of pairs."""
    for w, b in params[:-1]:
        x = np.tanh(np.dot(x, w) + b)
    w, b = params[-1]
    return np.mean((np.dot(x, w) + b - y) ** 2)


def rnn(np: Any, params: Any, inputs: Any) -> Any:
    """Ten steps of a recurrent network; parameters in a dict."""
    state = np.zeros(params["recurrent"].shape[0])
    for u in inputs:
        state = np.tanh(np.dot(params["recurrent"], state) + np.dot(params["input"], u))
    return np.sum(state**2)


def cross_entropy(np: Any, w: Any, x: Any, labels: Any) -> Any:
    """Softmax regression: the labels' log-probabilities are read by an index."""
    scores = np.dot(x, w)
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_probability = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.mean(log_probability[np.arange(len(labels)), labels])


def logistic_regression(np: Any, w: Any, x: Any, signs: Any) -> Any:
    """Log-likelihood with a ridge."""
    return np.sum(np.logaddexp(0.0, -signs * np.dot(x, w))) + 0.1 * np.sum(w**2)


def attention(np: Any, x: Any, w: Any) -> Any:
    """One head of attention."""
    queries, keys, values = (np.matmul(x, part) for part in w)
    scores = np.exp(np.matmul(queries, keys.T) / np.sqrt(x.shape[1]))
    weights = scores / np.sum(scores, axis=-1, keepdims=True)
    return np.sum(np.matmul(weights, values) ** 2)


def gaussian_log_density(np: Any, params: Any, x: Any) -> Any:
    """Log-density of a sample; parameters in a tuple."""
    mean, log_scale = params
    return np.sum(-0.5 * ((x - mean) / np.exp(log_scale)) ** 2 - log_scale - 0.9189385332046727)


def mixture(np: Any, means: Any, x: Any) -> Any:
    """Log-density of a mixture of ten normal distributions."""
    exponents = -0.5 * (x[:, None] - means[None, :]) ** 2
    top = np.max(exponents, axis=1)
    return np.sum(top + np.log(np.sum(np.exp(exponents - top[:, None]), axis=1)))


def gaussian_process(np: Any, log_length: Any, x: Any, y: Any) -> Any:
    """Marginal likelihood of a Gaussian process, by a Cholesky factor."""
    distances = (x[:, None] - x[None, :]) / np.exp(log_length)
    factor = np.linalg.cholesky(np.exp(-0.5 * distances**2) + 0.1 * np.eye(len(x)))
    whitened = np.linalg.solve(factor, y)
    return 0.5 * np.dot(whitened, whitened) + np.sum(np.log(np.diag(factor)))


def runge_kutta(np: Any, rate: Any) -> Any:
    """Twenty steps of RK4 through the logistic equation, on plain numbers."""

    def slope(y: Any) -> Any:
        return rate * y * (1.0 - y)

    y, dt = 0.1, 0.1
    for _ in range(20):
        k1 = slope(y)
        k2 = slope(y + 0.5 * dt * k1)
        k3 = slope(y + 0.5 * dt * k2)
        k4 = slope(y + dt * k3)
        y = y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y


def pendulum(np: Any, state: Any) -> Any:
    """Thirty leapfrog steps; the state is read by entry and packed again."""
    for _ in range(30):
        angle, speed = state[0], state[1]
        speed = speed - 0.1 * np.sin(angle)
        state = np.array([angle + 0.1 * speed, speed])
    return np.sum(state**2)


def heat(np: Any, u: Any) -> Any:
    """Twenty explicit steps of the heat equation on a ring, by rolls."""
    for _ in range(20):
        u = u + 0.2 * (np.roll(u, 1) - 2.0 * u + np.roll(u, -1))
    return np.sum(u**3)


def kalman(np: Any, log_noise: Any, observations: Any) -> Any:
    """Log-likelihood of a scalar Kalman filter."""
    noise, mean, variance, total = np.exp(log_noise), 0.0, 1.0, 0.0
    for y in observations:
        variance = variance + 0.1
        spread = variance + noise
        total = total - 0.5 * (np.log(spread) + (y - mean) ** 2 / spread)
        gain = variance / spread
        mean = mean + gain * (y - mean)
        variance = (1.0 - gain) * variance
    return total


# -- loops -----------------------------------------------------------------------------------------


def rosenbrock(np: Any, x: Any) -> Any:
    """On slices."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def rosenbrock_by_entry(np: Any, x: Any) -> Any:
    """On entries, one by one."""
    total = 0.0
    for k in range(len(x) - 1):
        total = total + 100.0 * (x[k + 1] - x[k] ** 2) ** 2 + (1.0 - x[k]) ** 2
    return total


def scalar_chain(np: Any, x: Any) -> Any:
    """A hundred operations on one number."""
    for _ in range(20):
        x = (x * 1.1 - 0.3) / (x * x + 1.0)
    return x


def scalar_functions(np: Any, x: Any) -> Any:
    """Functions of one number, called one after the other."""
    for _ in range(10):
        x = np.sqrt(1.0 + np.exp(-np.sin(x) * np.tanh(x)))
    return x


def fan_out(np: Any, x: Any) -> Any:
    """One value used many times."""
    y = np.sin(x)
    return np.sum(sum(y * k for k in range(20)))


def read_in_loop(np: Any, x: Any) -> Any:
    """x[i] in a loop."""
    total = 0.0
    for i in range(len(x)):
        total = total + np.sin(x[i])
    return total


def stack_in_loop(np: Any, x: Any) -> Any:
    """A trajectory gathered in a list and stacked."""
    states = [x]
    for _ in range(10):
        states.append(0.9 * np.sin(states[-1]))
    return np.sum(np.stack(states) ** 2)


def concatenate_in_loop(np: Any, x: Any) -> Any:
    """A vector that grows by concatenation."""
    y = x[:1]
    for k in range(1, 10):
        y = np.concatenate((y, np.tanh(x[k : k + 1] + y[-1:])))
    return np.sum(y)


def array_of_numbers(np: Any, x: Any) -> Any:
    """An array made of traced numbers."""
    return np.sum(np.array([x * k for k in range(1, 20)]) ** 2)


# -- pieces ----------------------------------------------------------------------------------------


def logsumexp(np: Any, x: Any) -> Any:
    """Written out."""
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def gather(np: Any, x: Any, index: Any) -> Any:
    """Entries by an array of indices: the rule scatters."""
    return np.sum(np.sin(x[index]) * x[index])


def einsum(np: Any, x: Any, y: Any) -> Any:
    """A bilinear form in each row."""
    return np.sum(np.einsum("ij,jk,ik->i", x, y, x) ** 2)


def broadcasting(np: Any, x: Any, y: Any) -> Any:
    """Rows, columns and scalars against one another."""
    return np.sum((x[:, None] * y + x) / (1.0 + y[None, :] ** 2) * 2.0)


def reductions(np: Any, x: Any) -> Any:
    """Sums, means, variances and extremes along axes."""
    scaled = (x - np.mean(x, axis=0)) / np.std(x, axis=0)
    return np.sum(np.max(scaled, axis=1)) + np.sum(np.var(scaled, axis=1))


def matrix_products(np: Any, x: Any, v: Any) -> Any:
    """dot, matmul and outer."""
    return np.dot(v, np.dot(x, v)) + np.sum(x @ x.T * np.outer(v, v))


def sorting(np: Any, x: Any) -> Any:
    """sort, maximum, minimum and where."""
    clipped = np.where(x > 0, np.minimum(x, 1.0), 0.1 * np.maximum(x, -1.0))
    return np.sum(np.sort(clipped) * np.arange(len(x)))


def shapes(np: Any, x: Any) -> Any:
    """reshape, transpose, swapaxes, squeeze and ravel."""
    y = np.transpose(np.reshape(x, (2, 3, -1)), (2, 0, 1))
    return np.sum(np.ravel(np.swapaxes(y, 0, 1)) * np.squeeze(np.expand_dims(x, 0))[::-1])


def repeated(np: Any, x: Any) -> Any:
    """tile and repeat."""
    return np.sum(np.tile(x, 3) * np.repeat(x, 3))


def norms(np: Any, x: Any) -> Any:
    """The norms of a matrix and of its rows."""
    return np.linalg.norm(x) + np.sum(np.linalg.norm(x, axis=1))


def determinant(np: Any, x: Any) -> Any:
    """det and inv."""
    return np.linalg.det(x) + np.sum(np.linalg.inv(x) ** 2)


def eigenvalues(np: Any, x: Any) -> Any:
    """Of a symmetric matrix."""
    values, _ = np.linalg.eigh(x + x.T)
    return np.sum(np.exp(values))


def powers(np: Any, x: Any) -> Any:
    """Powers and roots."""
    return np.sum(np.sqrt(x**3 + 1.0) * x**1.5 + (x**2 + 1.0) ** -0.5)


def spectrum(np: Any, x: Any) -> Any:
    """The power in the low frequencies, by a complex transform."""
    return np.sum(np.abs(np.fft.fft(x)[:8]) ** 2)


def running_sums(np: Any, x: Any) -> Any:
    """cumsum and diff."""
    return np.sum(np.cumsum(x) ** 2) + np.sum(np.diff(x) ** 2)


def sampled(np: Any, x: Any) -> Any:
    """linspace between traced ends, and full of a traced number."""
    return np.sum(np.linspace(x, 2.0 * x, 10) * np.full(10, x))


def sinc_product(np: Any, x: Any) -> Any:
    """sinc and prod."""
    return np.prod(1.0 + np.sinc(x))


def pairwise(np: Any, x: Any) -> Any:
    """Energy of ten particles in two dimensions."""
    gaps = x[:, None, :] - x[None, :, :]
    return np.sum(1.0 / (np.sum(gaps * gaps, axis=-1) + 0.1))


def vector_of(np: Any, x: Any) -> Any:
    """A function from vectors to vectors."""
    return np.sin(x) * np.sum(x) + np.cumsum(x**2)


def quartic(np: Any, x: Any) -> Any:
    """A function with an interesting Hessian."""
    return np.sum(x**4) + np.sum(x[1:] * x[:-1]) ** 2


def own_primitive(np: Any, x: Any, own: Any) -> Any:
    """Primitives of the user's own, with rules by defvjp, in a loop."""
    for _ in range(5):
        x = own.scale(own.softplus(x), 0.9)
    return own.logsumexp(x)
