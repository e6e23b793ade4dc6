"""scikit-learn's metrics of predictions.

usage: evaluate.py PREDICTIONS.csv   as 'retrain evaluate --predictions' writes it
prints the metrics under the names of 'retrain evaluate --json'
"""

import csv
import json
import sys
import warnings

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
    top_k_accuracy_score,
)


def expected_calibration_error(confidence, right, bins=15):
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return sum(
        np.mean(bin_of == b) * abs(right[bin_of == b].mean() - confidence[bin_of == b].mean())
        for b in np.unique(bin_of)
    )


def wilson(p, n, z=1.959963984540054):
    center = p + z * z / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return {"low": (center - half) / (1 + z * z / n), "high": (center + half) / (1 + z * z / n)}


def means(actual, predicted, average):
    precision, recall, f1, _ = precision_recall_fscore_support(
        actual, predicted, average=average, zero_division=0
    )
    return {"precision": precision, "recall": recall, "f1": f1}


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as f:
        head, *rows = csv.reader(f)
    labels = [column[2:-1] for column in head[5:]]
    actual = np.array([labels.index(row[2]) for row in rows])
    predicted = np.array([labels.index(row[3]) for row in rows])
    probabilities = np.array([[float(p) for p in row[5:]] for row in rows])
    assert (predicted == probabilities.argmax(axis=1)).all()
    every = np.arange(len(labels))
    warnings.simplefilter("ignore", UndefinedMetricWarning)
    # The probabilities are float32, so their sums are only that close to 1.
    warnings.filterwarnings("ignore", message="The y_prob values do not sum to one")
    warnings.filterwarnings("ignore", message="The y_pred values do not sum to one")
    confidence = probabilities.max(axis=1)
    accuracy = accuracy_score(actual, predicted)
    each = precision_recall_fscore_support(actual, predicted, labels=every, zero_division=0)
    top5 = (
        top_k_accuracy_score(actual, probabilities, k=5, labels=every) if len(labels) > 5 else 1.0
    )
    print(
        json.dumps(
            {
                "count": len(rows),
                "accuracy": accuracy,
                "accuracy_interval": wilson(accuracy, len(rows)),
                "top5_accuracy": top5,
                "loss": log_loss(actual, probabilities, labels=every),
                "macro": means(actual, predicted, "macro"),
                "weighted": means(actual, predicted, "weighted"),
                "classes": [
                    dict(zip(("precision", "recall", "f1", "support"), map(float, figures)))
                    for figures in zip(*each)
                ],
                "confusion": confusion_matrix(actual, predicted, labels=every).tolist(),
                "calibration_error": expected_calibration_error(
                    confidence, (actual == predicted).astype(float)
                ),
            }
        )
    )


main()
