"""Computes gradients of frozen graphs with Python's TensorFlow.

usage: gradients.py DIRECTORY
reads DIRECTORY/NAME.json (input, size, vector, parameters), NAME.pb, and NAME.images (float32);
writes NAME.gradients: float32, the gradients of sum(vector * cos(0, 1, 2, ...)) by each parameter
prints JSON: the largest absolute value of each gradient
"""

import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def gradients(path):
    request = json.loads(path.read_text())
    graph_def = tf.GraphDef()
    graph_def.ParseFromString(path.with_suffix(".pb").read_bytes())
    size = request["size"]
    images = np.fromfile(path.with_suffix(".images"), np.float32).reshape(-1, size, size, 3)
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        vector = tf.reshape(graph.get_tensor_by_name(request["vector"] + ":0"), [-1])
        weights = tf.cos(tf.cast(tf.range(tf.size(vector)), tf.float32))
        parameters = [graph.get_tensor_by_name(name + ":0") for name in request["parameters"]]
        values = tf.gradients(tf.reduce_sum(vector * weights), parameters)
        with tf.Session() as session:
            found = session.run(values, {request["input"]: images})
    np.concatenate([np.asarray(g, np.float32).ravel() for g in found]).tofile(
        path.with_suffix(".gradients")
    )
    return [float(np.abs(g).max()) for g in found]


print(
    json.dumps(
        {path.stem: gradients(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json"))}
    )
)
