"""Runs the frozen graph of a model, its SavedModel, and the TFLite file that is made of it.

usage: exports.py GRAPH INPUT OUTPUT SAVED HEIGHT WIDTH MEAN STD IMAGE...
prints a JSON object: the probabilities of each image by each of them
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

import lite
from preparation import prepared


def by_graph(file, input_name, output_name, images):
    definition = tf.compat.v1.GraphDef()
    with open(file, "rb") as f:
        definition.ParseFromString(f.read())
    with tf.Graph().as_default():
        tf.import_graph_def(definition, name="")
        with tf.compat.v1.Session() as session:
            return session.run(output_name + ":0", {input_name + ":0": images})


def main():
    graph, input_name, output_name, saved = sys.argv[1:5]
    contents = [open(name, "rb").read() for name in sys.argv[9:]]
    images = np.stack([prepared(c, *sys.argv[5:9], "rgb", "stretch") for c in contents])
    signatures = tf.saved_model.load(saved).signatures
    found = {
        "graph": by_graph(graph, input_name, output_name, images),
        "files": signatures["serving_default"](image_bytes=tf.constant(contents))["probabilities"],
        "images": signatures["images"](images=tf.constant(images))["probabilities"],
        "lite": lite.probabilities(saved, images),
    }
    print(json.dumps({name: np.asarray(rows).tolist() for name, rows in found.items()}))


main()
