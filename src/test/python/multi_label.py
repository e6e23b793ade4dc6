"""scikit-learn on the scores and vectors of a multi-label model.

usage: multi_label.py CSV CACHE BACKBONE_PATTERN
CSV is what 'evaluate --partition all --predictions' writes: path, partition, actual, predicted, and
the probability of each class in p(class); CACHE is the cache of the vectors
prints for the test images: the model's average precisions, F1 and log loss, the share of images with
each class (the average precision of a constant score), and the mean average precision of one
logistic regression per class on the same vectors, with C chosen on the validation images
"""

import csv
import json
import os
import sqlite3
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, log_loss
from sklearn.preprocessing import StandardScaler


def vectors(cache, pattern):
    db = sqlite3.connect(cache)
    backbone, generation, length = db.execute(
        "select id, generation, vector_length from backbone where identity like ?",
        (f"%{pattern}%",),
    ).fetchone()
    record = np.dtype([("sha256", "V32"), ("vector", "<f4", length), ("crc32c", "<u4")])
    records = np.fromfile(
        os.path.join(os.path.dirname(cache), f"vectors-{backbone}-{generation}.bin"), record
    )
    query = "select path, record from picture join vector using (sha256) where backbone = ?"
    return {path: records[number]["vector"] for path, number in db.execute(query, (backbone,))}


def logistic(x, y, parts):
    training, validation, test = (parts == part for part in ("training", "validation", "test"))
    x = StandardScaler().fit(x[training]).transform(x)
    best = None
    for c in (0.0003, 0.001, 0.003, 0.01, 0.03):
        models = [LogisticRegression(C=c, max_iter=1000).fit(x[training], t[training]) for t in y.T]
        scores = np.stack([model.decision_function(x) for model in models], axis=1)
        chosen = average_precision_score(y[validation], scores[validation])
        if best is None or chosen > best[0]:
            best = chosen, average_precision_score(y[test], scores[test])
    return best[1]


def main():
    with open(sys.argv[1], newline="") as f:
        rows = list(csv.DictReader(f))
    classes = [name[2:-1] for name in rows[0] if name.startswith("p(")]
    y = np.array([[name in row["actual"].split(";") for name in classes] for row in rows], int)
    predicted = np.array(
        [[name in row["predicted"].split(";") for name in classes] for row in rows], int
    )
    p = np.array([[np.float32(row[f"p({name})"]) for name in classes] for row in rows])
    parts = np.array([row["partition"] for row in rows])
    test = parts == "test"
    known = vectors(*sys.argv[2:4])
    x = np.array([known[os.path.abspath(row["path"])] for row in rows])
    print(
        json.dumps(
            {
                "count": int(test.sum()),
                "per_class": average_precision_score(y[test], p[test], average=None).tolist(),
                "map": average_precision_score(y[test], p[test]),
                "micro_f1": f1_score(y[test], predicted[test], average="micro"),
                "macro_f1": f1_score(y[test], predicted[test], average="macro"),
                "exact_match": accuracy_score(y[test], predicted[test]),
                "loss": float(
                    np.mean(
                        [
                            log_loss(t, s.astype(np.float64), labels=[0, 1])
                            for t, s in zip(y[test].T, p[test].T, strict=True)
                        ]
                    )
                ),
                "share": y[test].mean(axis=0).tolist(),
                "logistic": logistic(x, y, parts),
            }
        )
    )


main()
