"""Trains a softmax layer with a bare NumPy loop; prints the time.

Batches of 150 gathered from one matrix, Adam; no summaries, no evaluation, nothing written.

usage: bench_numpy.py COUNT LENGTH ITERATIONS THREADS
prints {"iterations": ..., "seconds": ...}
"""

import json
import os
import sys
import time

# Read when NumPy is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[4]

import numpy as np  # noqa: E402

CLASSES, BATCH = 10, 150


def main():
    count, length, iterations = map(int, sys.argv[1:4])
    numbers = np.random.default_rng(1)
    x = numbers.standard_normal((count, length), dtype=np.float32)
    y = numbers.integers(CLASSES, size=count)
    w = np.zeros((length + 1, CLASSES), dtype=np.float32)
    m, v = np.zeros_like(w), np.zeros_like(w)
    rows = np.arange(BATCH)
    start = time.perf_counter()
    for i in range(iterations):
        batch = numbers.integers(count, size=BATCH)
        fed = x[batch]
        z = fed @ w[:-1] + w[-1]
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[rows, y[batch]] -= 1
        p /= BATCH
        gradient = np.vstack([fed.T @ p, p.sum(axis=0)])
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        rate = 0.01 * 0.95 ** (i // 65) * np.sqrt(1 - 0.999 ** (i + 1)) / (1 - 0.9 ** (i + 1))
        w -= (rate * m / (np.sqrt(v) + 1e-8)).astype(np.float32)
    seconds = time.perf_counter() - start
    print(json.dumps({"iterations": iterations, "seconds": seconds}))


main()
