"""Describes a frozen graph by TensorFlow's own statistics.

usage: describe_graph.py FILE HEIGHT WIDTH
prints JSON: ops by count, the number of values in constants of floats, and the multiply-adds of
convolutions and matrix multiplications for one image
"""

import collections
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import ops

LAYERS = ("Conv2D", "DepthwiseConv2dNative", "MatMul")


def main():
    definition = tf.compat.v1.GraphDef()
    with open(sys.argv[1], "rb") as file:
        definition.ParseFromString(file.read())
    parameters = 0
    for node in definition.node:
        if node.op == "Placeholder":
            for dim, size in zip(node.attr["shape"].shape.dim, [1] + sys.argv[2:] + [3]):
                dim.size = int(size)
        if node.op == "Const":
            value = tf.make_ndarray(node.attr["value"].tensor)
            parameters += int(value.size) if value.dtype == np.float32 and value.size > 1 else 0
    with tf.Graph().as_default() as graph:
        tf.compat.v1.import_graph_def(definition, name="")
        flops = sum(
            ops.get_stats_for_node_def(graph, node, "flops").value
            for node in graph.as_graph_def().node
            if node.op in LAYERS
        )
    counts = collections.Counter(node.op for node in definition.node)
    print(json.dumps({"ops": counts, "parameters": parameters, "multiply_adds": int(flops) // 2}))


main()
