"""Runs a SavedModel on prepared images.

usage: saved_model_vectors.py ARCHIVE HEIGHT/WIDTH/MEAN/STD/CHANNELS/RESIZE IMAGE...
ARCHIVE is a tar archive of the SavedModel; prints a JSON list of the only output's values, flat, for
each image
"""

import json
import os
import sys
import tarfile
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy as np
import tensorflow as tf

from preparation import prepared


def main():
    archive, case, *names = sys.argv[1:]
    contents = [open(name, "rb").read() for name in names]
    images = np.stack([prepared(content, *case.split("/")) for content in contents])
    with tempfile.TemporaryDirectory() as directory:
        with tarfile.open(archive) as tar:
            tar.extractall(directory, filter="data")
        model = tf.saved_model.load(directory)
        function = model.signatures["serving_default"]
        (key,) = function.structured_input_signature[1]
        (vectors,) = function(**{key: tf.constant(images, tf.float32)}).values()
    print(json.dumps(vectors.numpy().reshape(len(names), -1).astype(float).tolist()))


main()
