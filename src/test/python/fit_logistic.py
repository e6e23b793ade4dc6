"""scikit-learn's logistic regression on vectors, split like retrain.py; equal vectors stay together.

usage: fit_logistic.py CACHE BACKBONE_PATTERN IMAGE_DIR   vectors of a cache
       fit_logistic.py TEXT_DIR                           retrain.py's <class>/<image>.txt
prints {"test_accuracy": ..., "test_count": ...}; C is chosen on the validation images
"""

import glob
import hashlib
import json
import os
import re
import sqlite3
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

MAX_HASH = 2**27 - 1


def partition(name):
    hashed = hashlib.sha1(re.sub(r"_nohash_.*$", "", name).encode()).hexdigest()
    percent = int(hashed, 16) % (MAX_HASH + 1) * (100.0 / MAX_HASH)
    return "validation" if percent < 10 else "test" if percent < 25 else "training"


def of_cache(cache, pattern, image_dir):
    db = sqlite3.connect(cache)
    backbone, generation, length = db.execute(
        "select id, generation, vector_length from backbone where identity like ?",
        (f"%{pattern}%",),
    ).fetchone()
    record = np.dtype([("sha256", "V32"), ("vector", "<f4", length), ("crc32c", "<u4")])
    records = np.fromfile(
        os.path.join(os.path.dirname(cache), f"vectors-{backbone}-{generation}.bin"), record
    )
    query = """select path, sha256, record from picture join vector using (sha256)
               where backbone = ? order by path"""
    root = os.path.abspath(image_dir)
    for path, sha256, number in db.execute(query, (backbone,)):
        assert records[number]["sha256"].tobytes() == sha256
        yield os.path.relpath(path, root).replace(os.sep, "/"), records[number]["vector"]


def of_text(directory):
    for path in sorted(glob.glob(glob.escape(directory) + "/*/*.txt")):
        with open(path) as f:
            vector = np.array([np.float32(value) for value in f.read().split(",")])
        yield os.path.relpath(path, directory).replace(os.sep, "/").removesuffix(".txt"), vector


def together(parts, x):
    """Equal vectors come from one image: all are assigned to the first set in this order."""
    order = ["training", "validation", "test"]
    first = {}
    for part, vector in zip(parts, x):
        key = vector.tobytes()
        first[key] = min(first.get(key, part), part, key=order.index)
    return [first[vector.tobytes()] for vector in x]


def main():
    examples = of_text(*sys.argv[1:]) if len(sys.argv) == 2 else of_cache(*sys.argv[1:])
    names, vectors = zip(*examples)
    x = np.array(vectors)
    y = np.array([name.split("/")[0] for name in names])
    parts = np.array(together([partition(name) for name in names], x))
    x = StandardScaler().fit(x[parts == "training"]).transform(x)
    best = None
    for c in (0.001, 0.01, 0.1):
        fitted = LogisticRegression(C=c, max_iter=1000)
        fitted.fit(x[parts == "training"], y[parts == "training"])
        score = fitted.score(x[parts == "validation"], y[parts == "validation"])
        if best is None or score > best[0]:
            best = score, fitted
    test = parts == "test"
    print(
        json.dumps(
            {"test_accuracy": best[1].score(x[test], y[test]), "test_count": int(test.sum())}
        )
    )


main()
