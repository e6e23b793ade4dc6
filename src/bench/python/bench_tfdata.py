"""Computes pooled features with a tf.data pipeline; prints the time without startup.

The original graph is applied to batches. Files are read, decoded and resized ahead of it, by as many
threads as tf.data chooses. The vectors are kept in memory; nothing is written.

usage: bench_tfdata.py GRAPH IMAGE_DIR
prints {"images": ..., "seconds": ...}
"""

import json
import os
import sys
import time

import numpy as np
import tensorflow as tf

INPUT = "input:0"
BOTTLENECK = "MobilenetV1/Logits/AvgPool_1a/AvgPool:0"
SIZE, MEAN, STD = 224, 127.5, 127.5
BATCH = 64


def network(graph_file):
    graph_def = tf.compat.v1.GraphDef()
    with open(graph_file, "rb") as f:
        graph_def.ParseFromString(f.read())

    def imported(images):
        (vectors,) = tf.import_graph_def(
            graph_def, input_map={INPUT: images}, return_elements=[BOTTLENECK], name=""
        )
        return vectors

    return tf.compat.v1.wrap_function(
        imported, [tf.TensorSpec([None, SIZE, SIZE, 3], tf.float32)]
    )


def load(file):
    decoded = tf.cast(tf.image.decode_jpeg(tf.io.read_file(file), channels=3), tf.float32)
    resized = tf.compat.v1.image.resize_bilinear(tf.expand_dims(decoded, 0), [SIZE, SIZE])[0]
    return (resized - MEAN) * (1.0 / STD)


def main():
    graph_file, image_dir = sys.argv[1:3]
    files = sorted(
        os.path.join(folder, name) for folder, _, names in os.walk(image_dir) for name in names
    )
    run = network(graph_file)
    run(tf.zeros([BATCH, SIZE, SIZE, 3]))
    batches = (
        tf.data.Dataset.from_tensor_slices(files)
        .map(load, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(BATCH)
        .prefetch(tf.data.AUTOTUNE)
    )
    for batch in batches.take(1):
        run(batch)
    start = time.perf_counter()
    vectors = np.concatenate([run(batch).numpy() for batch in batches])
    seconds = time.perf_counter() - start
    print(json.dumps({"images": len(vectors), "seconds": seconds}))


main()
