"""scikit-learn's logistic regression on the vectors of a cache, split as retrain.py splits.

usage: fit_logistic.py CACHE BACKBONE_PATTERN IMAGE_DIR
prints {"test_accuracy": ..., "test_count": ...}; C is chosen on the validation pictures
"""

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


def main():
    cache, pattern, image_dir = sys.argv[1:4]
    db = sqlite3.connect(cache)
    (backbone,) = db.execute(
        "select id from backbone where identity like ?", (f"%{pattern}%",)
    ).fetchone()
    query = """select path, float32_le from picture join vector using (sha256)
               where backbone = ? order by path"""
    root = os.path.abspath(image_dir)
    vectors, labels, parts = [], [], []
    for path, blob in db.execute(query, (backbone,)):
        name = os.path.relpath(path, root)
        vectors.append(np.frombuffer(blob, "<f4"))
        labels.append(name.split(os.sep)[0])
        parts.append(partition(name.replace(os.sep, "/")))
    x, y, parts = np.array(vectors), np.array(labels), np.array(parts)
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
