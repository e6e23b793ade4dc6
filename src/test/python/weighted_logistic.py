"""scikit-learn's logistic regression with weights, without standardization.

usage: weighted_logistic.py FILE
FILE is JSON: x [images][length]; y [images] for one class per image, or [images][classes] of 0 and
1; class_weight ("balanced", {class: weight} or null); weights [images] or null; c
prints {"probabilities": [images][classes], "loss": ...}: the fitted probabilities for x, and the
weighted log loss, as the mean over the classes where an image has several
"""

import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss


def fit(x, y, data, weights):
    class_weight = data["class_weight"]
    if isinstance(class_weight, dict):
        class_weight = {int(name): weight for name, weight in class_weight.items()}
    model = LogisticRegression(C=data["c"], class_weight=class_weight, tol=1e-10, max_iter=10000)
    return model.fit(x, y, sample_weight=weights).predict_proba(x)


def main():
    with open(sys.argv[1]) as f:
        data = json.load(f)
    x = np.array(data["x"])
    y = np.array(data["y"])
    weights = None if data["weights"] is None else np.array(data["weights"])
    if y.ndim == 1:
        probabilities = fit(x, y, data, weights)
        loss = log_loss(y, probabilities, sample_weight=weights)
    else:
        columns = [fit(x, column, data, weights)[:, 1] for column in y.T]
        probabilities = np.stack(columns, axis=1)
        loss = np.mean(
            [log_loss(t, p, sample_weight=weights) for t, p in zip(y.T, columns, strict=True)]
        )
    print(json.dumps({"probabilities": probabilities.tolist(), "loss": float(loss)}))


main()
