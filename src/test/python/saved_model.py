"""Uses a SavedModel: loads it in Python, runs it with saved_model_cli, converts it to TFLite.

usage: saved_model.py DIR HEIGHT WIDTH MEAN STD CHANNELS RESIZE IMAGE...
prints a JSON object: the model's description, and the probabilities of each image by each
signature
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import tensorflow as tf

import lite
from preparation import prepared


def by_cli(directory, contents):
    """Runs saved_model_cli; returns its output."""
    cli = os.path.join(os.path.dirname(sys.executable), "saved_model_cli")
    with tempfile.TemporaryDirectory() as out:
        fed = os.path.join(out, "fed.npz")
        np.savez(fed, files=np.array(contents, dtype=object))
        subprocess.run(
            [cli, "run", "--dir", directory, "--tag_set", "serve"]
            + ["--signature_def", "serving_default", "--inputs", "image_bytes=%s[files]" % fed]
            + ["--outdir", out],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        shown = subprocess.run(
            [cli, "show", "--dir", directory, "--all"], check=True, capture_output=True, text=True
        )
        return np.load(os.path.join(out, "probabilities.npy")), shown.stdout


def main():
    directory = sys.argv[1]
    contents = [open(name, "rb").read() for name in sys.argv[8:]]
    images = np.stack([prepared(content, *sys.argv[2:8]) for content in contents])
    model = tf.saved_model.load(directory)
    by_bytes = model.signatures["serving_default"](image_bytes=tf.constant(contents))
    one = model.signatures["serving_default"](image_bytes=tf.constant(contents[:1]))
    by_floats = model.signatures["images"](images=tf.constant(images))
    cli, shown = by_cli(directory, contents)
    print(
        json.dumps(
            {
                "signatures": sorted(model.signatures),
                "assets": [a.asset_path.numpy().decode() for a in model.asset_paths],
                "label": [label.decode() for label in by_bytes["label"].numpy()],
                "labels": [label.decode() for label in by_bytes["labels"].numpy()[-1]],
                "shown": shown,
                "probabilities": {
                    "bytes": by_bytes["probabilities"].numpy().tolist(),
                    "one": one["probabilities"].numpy().tolist(),
                    "images": by_floats["probabilities"].numpy().tolist(),
                    "cli": cli.tolist(),
                    "lite": lite.probabilities(directory, images).tolist(),
                },
            }
        )
    )


main()
