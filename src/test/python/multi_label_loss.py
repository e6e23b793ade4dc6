"""Loss, metric and gradients of a network with sigmoid outputs.

usage: multi_label_loss.py REQUEST
REQUEST is JSON: input, vector, size, images, parameters (names of constants), weights and biases of
the last layer, labels (a list of classes for each image), image_weights, smoothing; graph.pb is beside it
prints: loss, Keras's binary cross-entropy, weighted; average_precision, scikit-learn's mean over the
classes; gradients, a flat list for each parameter and for the last layer
"""

import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
from sklearn.metrics import average_precision_score


def compute(request, graph_file, labels):
    """The logits and the gradients of the loss, written out."""
    size = request["size"]
    graph_def = tf.compat.v1.GraphDef()
    graph_def.ParseFromString(graph_file.read_bytes())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name="")
        vectors = graph.get_tensor_by_name(request["vector"] + ":0")
        biases = tf.constant(request["biases"], tf.float32)
        weights = tf.reshape(tf.constant(request["weights"], tf.float32), [-1, labels.shape[1]])
        logits = tf.linalg.matmul(vectors, weights) + biases
        smoothing = request["smoothing"]
        terms = tf.nn.sigmoid_cross_entropy_with_logits(
            labels * (1 - smoothing) + smoothing / 2, logits
        )
        image_weights = np.array(request["image_weights"], np.float32)
        loss = tf.reduce_mean(image_weights * tf.reduce_mean(terms, axis=1))
        parameters = [graph.get_tensor_by_name(name + ":0") for name in request["parameters"]]
        gradients = tf.gradients(loss, parameters + [weights, biases])
        images = np.array(request["images"], np.float32).reshape(-1, size, size, 3)
        with tf.compat.v1.Session() as session:
            logits, gradients = session.run([logits, gradients], {request["input"]: images})
    names = request["parameters"] + ["head_layer_0/weights", "head_layer_0/biases"]
    return logits, {name: g.ravel().tolist() for name, g in zip(names, gradients)}


def main():
    file = pathlib.Path(sys.argv[1])
    request = json.loads(file.read_text())
    labels = np.zeros((len(request["labels"]), len(request["biases"])), np.float32)
    for row, classes in enumerate(request["labels"]):
        labels[row, classes] = 1
    logits, gradients = compute(request, file.with_name("graph.pb"), labels)
    losses = keras.losses.binary_crossentropy(
        labels, logits, from_logits=True, label_smoothing=request["smoothing"]
    )
    print(
        json.dumps(
            {
                "loss": float(np.mean(np.array(losses) * request["image_weights"])),
                "average_precision": average_precision_score(labels, logits),
                "gradients": gradients,
            }
        )
    )


main()
