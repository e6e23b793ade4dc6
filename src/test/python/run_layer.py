"""Runs a graph that takes vectors on retrain.py's text files, and computes its layers with NumPy.

usage: run_layer.py GRAPH INPUT OUTPUT WEIGHTS BIASES TEXT_FILE...
WEIGHTS and BIASES are a tensor of each layer, joined by commas
prints {"graph": ..., "by_hand": ...}, each a list of probabilities for each file
"""

import json
import sys

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def main():
    graph_file, fed, output, weights, biases = sys.argv[1:6]
    vectors = [np.loadtxt(name, np.float32, delimiter=",") for name in sys.argv[6:]]
    graph_def = tf.GraphDef()
    with open(graph_file, "rb") as f:
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        with tf.Session() as session:
            out, ws, bs = session.run(
                [output, weights.split(","), biases.split(",")], {fed: np.array(vectors)}
            )
    logits = np.array(vectors, np.float64) @ ws[0] + bs[0]
    for w, b in zip(ws[1:], bs[1:]):
        logits = np.maximum(logits, 0) @ w + b
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    by_hand = exponents / exponents.sum(axis=1, keepdims=True)
    print(json.dumps({"graph": out.tolist(), "by_hand": by_hand.tolist()}))


main()
