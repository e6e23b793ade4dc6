"""scikit-learn's average precision.

usage: average_precision.py FILE    JSON with scores and targets, each [images][classes]
prints {"per_class": [...], "macro": ..., "micro": ...}
"""

import json
import sys

import numpy as np
from sklearn.metrics import average_precision_score


def main():
    with open(sys.argv[1]) as f:
        data = json.load(f)
    scores = np.array(data["scores"], np.float32)
    targets = np.array(data["targets"], np.int32)
    print(
        json.dumps(
            {
                "per_class": average_precision_score(targets, scores, average=None).tolist(),
                "macro": average_precision_score(targets, scores, average="macro"),
                "micro": average_precision_score(targets, scores, average="micro"),
            }
        )
    )


main()
