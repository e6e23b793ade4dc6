"""Computes bottlenecks as retrain.py does; prints the time without startup.

One image at a time: one run of a session reads, decodes, resizes and scales its file, a second one
applies the network; its 1,001 outputs are written as text.

usage: bench_retrain_py.py GRAPH IMAGE_DIR OUTPUT_DIR COUNT
prints {"images": ..., "seconds": ...}
"""

import json
import os
import sys
import time

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()

INPUT = "input:0"
BOTTLENECK = "MobilenetV1/Predictions/Reshape:0"
SIZE, MEAN, STD = 224, 127.5, 127.5


def decoding():
    data = tf.placeholder(tf.string)
    decoded = tf.cast(tf.image.decode_jpeg(data, channels=3), tf.float32)
    resized = tf.image.resize_bilinear(tf.expand_dims(decoded, 0), tf.stack([SIZE, SIZE]))
    return data, tf.multiply(tf.subtract(resized, MEAN), 1.0 / STD)


def bottleneck(session, file, data, decoded):
    with open(file, "rb") as f:
        image = session.run(decoded, {data: f.read()})
    return np.squeeze(session.run(BOTTLENECK, {INPUT: image}))


def main():
    graph_file, image_dir, output_dir, count = sys.argv[1:5]
    files = sorted(
        os.path.join(folder, name) for folder, _, names in os.walk(image_dir) for name in names
    )[: int(count)]
    graph_def = tf.GraphDef()
    with open(graph_file, "rb") as f:
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        data, decoded = decoding()
        with tf.Session() as session:
            for file in files[:10]:
                bottleneck(session, file, data, decoded)
            start = time.perf_counter()
            for file in files:
                values = bottleneck(session, file, data, decoded)
                text = os.path.join(output_dir, os.path.relpath(file, image_dir) + ".txt")
                os.makedirs(os.path.dirname(text), exist_ok=True)
                with open(text, "w") as f:
                    f.write(",".join(str(x) for x in values))
            seconds = time.perf_counter() - start
    print(json.dumps({"images": len(files), "seconds": seconds}))


main()
