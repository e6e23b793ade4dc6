"""Runs a frozen graph on JPEG files, one at a time, feeding their bytes.

usage: run_graph.py GRAPH CONTENTS_TENSOR OUTPUT_TENSOR IMAGE...
prints a JSON list of the output's values, flat, for each image
"""

import json
import sys

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def main():
    graph_file, contents, output = sys.argv[1:4]
    graph_def = tf.GraphDef()
    with open(graph_file, "rb") as f:
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        with tf.Session() as session:
            rows = []
            for image in sys.argv[4:]:
                with open(image, "rb") as f:
                    values = session.run(output, {contents: f.read()})
                rows.append([float(v) for v in values.reshape(-1)])
    print(json.dumps(rows))


main()
