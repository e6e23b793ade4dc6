"""Averages feature maps of a frozen graph over all positions, at any size of images.

usage: resized_features.py GRAPH INPUT FEATURE_MAP SIZE:IMAGES_FILE...
an IMAGES_FILE has float32 images, [n, size, size, 3]; prints JSON: for each file, the averages
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def averages(graph_def, input_name, feature_map, size, file):
    images = np.fromfile(file, np.float32).reshape(-1, size, size, 3)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, size, size, 3])
        (features,) = tf.import_graph_def(
            graph_def, {input_name: x}, [feature_map + ":0"], name=""
        )
        with tf.Session() as session:
            return session.run(features, {x: images}).mean(axis=(1, 2)).tolist()


def main():
    graph_file, input_name, feature_map, *files = sys.argv[1:]
    graph_def = tf.GraphDef()
    with open(graph_file, "rb") as f:
        graph_def.ParseFromString(f.read())
    # Pooling of the original size does not fit others.
    graph_def = tf.graph_util.extract_sub_graph(graph_def, [feature_map])
    print(
        json.dumps(
            [
                averages(graph_def, input_name, feature_map, int(size), file)
                for size, file in (argument.split(":", 1) for argument in files)
            ]
        )
    )


main()
