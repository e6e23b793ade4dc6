"""Runs an original frozen graph, and averages its tensors with NumPy.

usage: pool_vectors.py GRAPH INPUT HEIGHT WIDTH IMAGE MIRRORED BOTTLENECK...
IMAGE is a file of float32, little-endian, [HEIGHT, WIDTH, 3]; BOTTLENECK is name:0@ROWSxCOLUMNS;
MIRRORED is true or false. Prints the vector as a JSON list.
"""

import json
import sys

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def spans(positions, cells):
    """Spans of equal length, evenly spaced: the first at the start, the last at the end."""
    apart = positions // cells
    length = positions - (cells - 1) * apart
    return [slice(cell * apart, cell * apart + length) for cell in range(cells)]


def pooled(tensor, grid):
    rows, columns = map(int, grid.split("x"))
    return np.concatenate(
        [
            tensor[y, x].mean(axis=(0, 1), dtype=np.float64)
            for y in spans(tensor.shape[0], rows)
            for x in spans(tensor.shape[1], columns)
        ]
    )


def main():
    graph_file, input_name, height, width, image_file, mirrored = sys.argv[1:7]
    bottlenecks = [argument.split("@") for argument in sys.argv[7:]]
    image = np.fromfile(image_file, "<f4").reshape(1, int(height), int(width), 3)
    graph_def = tf.GraphDef()
    with open(graph_file, "rb") as f:
        graph_def.ParseFromString(f.read())
    views = [image, image[:, :, ::-1]] if mirrored == "true" else [image]
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        with tf.Session() as session:
            vectors = []
            for view in views:
                tensors = session.run([name for name, _ in bottlenecks], {input_name: view})
                parts = [pooled(t[0], grid) for t, (_, grid) in zip(tensors, bottlenecks)]
                vectors.append(np.concatenate(parts))
    print(json.dumps(np.mean(vectors, axis=0).tolist()))


main()
