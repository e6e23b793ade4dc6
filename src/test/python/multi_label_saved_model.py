"""Runs the SavedModel of a multi-label model.

usage: multi_label_saved_model.py DIR IMAGE...
prints the outputs of serving_default
"""

import json
import sys

import tensorflow as tf


def main():
    model = tf.saved_model.load(sys.argv[1])
    contents = [open(name, "rb").read() for name in sys.argv[2:]]
    outputs = model.signatures["serving_default"](image_bytes=tf.constant(contents))
    print(
        json.dumps(
            {
                "names": sorted(outputs),
                "probabilities": outputs["probabilities"].numpy().tolist(),
                "predicted": outputs["predicted"].numpy().tolist(),
                "labels": [[n.decode() for n in row] for row in outputs["labels"].numpy()],
            }
        )
    )


main()
