"""Writes a small network in the formats that Python's tools write.

usage: write_networks.py DIRECTORY
prints JSON: the feature vector (2 values) of an image of zeros and ones, [1, 16, 16, 3], that the
frozen graph computes
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1


def keras_files(directory):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(2, 3, name="convolution"),
            layers.GlobalAveragePooling2D(),
        ]
    )
    model.save(os.path.join(directory, "model.h5"))
    model.save(os.path.join(directory, "model.keras"))
    model.save_weights(os.path.join(directory, "model.weights.h5"))
    model.export(os.path.join(directory, "saved"), verbose=False)
    with open(os.path.join(directory, "architecture.json"), "w") as file:
        file.write(model.to_json())
    checkpoint = tf.train.Checkpoint(weights=tf.Variable(np.ones(9, np.float32)))
    checkpoint.write(os.path.join(directory, "tf2", "ckpt-1"))
    tf.train.CheckpointManager(checkpoint, os.path.join(directory, "managed"), 1).save()
    converter = tf.lite.TFLiteConverter.from_saved_model(os.path.join(directory, "saved"))
    with open(os.path.join(directory, "model.tflite"), "wb") as file:
        file.write(converter.convert())


def frozen_graph(directory):
    """A frozen graph in binary and text format, and the checkpoint that it was frozen from."""
    generator = np.random.default_rng(7)
    with tf.Graph().as_default(), tf1.Session() as session:
        images = tf1.placeholder(tf.float32, [None, 16, 16, 3], "images")
        values = generator.normal(size=(3, 3, 3, 2)).astype(np.float32)
        weights = tf1.get_variable("weights", initializer=values, use_resource=False)
        features = tf1.nn.conv2d(images, weights, 1, "SAME")
        tf.reduce_mean(tf.nn.relu(features), [1, 2], name="pool")
        session.run(tf1.global_variables_initializer())
        tf1.train.Saver().save(session, os.path.join(directory, "tf1", "model.ckpt"))
        frozen = tf1.graph_util.convert_variables_to_constants(
            session, tf1.get_default_graph().as_graph_def(), ["pool"]
        )
        ones = (np.indices((1, 16, 16, 3)).sum(0) % 2).astype(np.float32)
        vector = session.run("pool:0", {"images:0": ones})[0]
    tf.io.write_graph(frozen, directory, "frozen.pb", as_text=False)
    tf.io.write_graph(frozen, directory, "frozen.pbtxt", as_text=True)
    return vector.tolist()


def main():
    directory = sys.argv[1]
    os.makedirs(os.path.join(directory, "tf2"))
    os.makedirs(os.path.join(directory, "tf1"))
    # Keras prints warnings.
    out, sys.stdout = sys.stdout, sys.stderr
    keras_files(directory)
    vector = frozen_graph(directory)
    print(json.dumps({"vector": vector}), file=out)


main()
