"""Trains and freezes models as the original retrain.py does, and runs them as label_image.py does.

usage: retrain_py_model.py train MOBILENET DIRECTORY IMAGE_DIR
writes DIRECTORY/STYLE/{retrained_graph.pb,retrained_labels.txt} for each style: "decoder" (2017,
the graph decodes, resizes and rescales one JPEG file, like that of Inception), "mobilenet" (2017,
a placeholder of decoded images) and "hub" (2018, a module that takes values of 0 to 1)
prints JSON: for each style, the probabilities of each file below IMAGE_DIR by its path

usage: retrain_py_model.py serve SAVED_MODEL FILE...
prints JSON: the probabilities of each file by the signature serving_default
"""

import json
import os
import re
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
SIZE = 224


def images_by_label(image_dir):
    """Labels as retrain.py makes them of the names of folders, and their files."""
    lists = {}
    for name in sorted(os.listdir(image_dir)):
        folder = os.path.join(image_dir, name)
        label = re.sub(r"[^a-z0-9]+", " ", name.lower())
        lists[label] = [os.path.join(folder, file) for file in sorted(os.listdir(folder))]
    return lists


def network(mobilenet, images, prefix, outputs):
    definition = tf1.GraphDef()
    with open(mobilenet, "rb") as file:
        definition.ParseFromString(file.read())
    return tf1.import_graph_def(
        definition, input_map={"input:0": images}, return_elements=outputs, name=prefix
    )


def decoder(mobilenet):
    """The nodes around Inception of 2015, with MobileNet between them."""
    contents = tf1.placeholder_with_default(b"", [], name="DecodeJpeg/contents")
    decoded = tf.io.decode_jpeg(contents, channels=3, name="DecodeJpeg")
    batch = tf.expand_dims(tf.cast(decoded, tf.float32, name="Cast"), 0, name="ExpandDims")
    resized = tf1.image.resize_bilinear(batch, [SIZE, SIZE], name="ResizeBilinear")
    images = tf.multiply(tf.subtract(resized, 127.5, name="Sub"), 1 / 127.5, name="Mul")
    (pooled,) = network(mobilenet, images, "", ["MobilenetV1/Logits/AvgPool_1a/AvgPool:0"])
    # Of a fixed batch, as in Inception.
    bottleneck = tf.reshape(pooled, [1, pooled.shape[-1]], name="pool_3/_reshape")
    return bottleneck, lambda file: {contents: open(file, "rb").read()}


def decoded(file, mean, std):
    """label_image.py's read_tensor_from_image_file."""
    image = tf.io.decode_jpeg(open(file, "rb").read(), channels=3)
    batch = tf.expand_dims(tf.cast(image, tf.float32), 0)
    resized = tf1.image.resize_bilinear(batch, [SIZE, SIZE])
    return tf.divide(tf.subtract(resized, [mean]), [std])


def mobilenet_input(mobilenet):
    images = tf1.placeholder(tf.float32, [None, SIZE, SIZE, 3], "input")
    (logits,) = network(mobilenet, images, "", ["MobilenetV1/Predictions/Reshape:0"])
    return logits, lambda file: {images: EVALUATED(file, 127.5, 127.5)}


def hub_input(mobilenet):
    images = tf1.placeholder(tf.float32, [None, SIZE, SIZE, 3], "Placeholder")
    scaled = tf.multiply(images, 2.0, name="module_apply_default/hub_input/Mul")
    inner = tf.subtract(scaled, 1.0, name="module_apply_default/hub_input/Sub")
    name = "MobilenetV1/Logits/AvgPool_1a/AvgPool:0"
    (pooled,) = network(mobilenet, inner, "module_apply_default", [name])
    output = "module_apply_default/hub_output/feature_vector/SpatialSqueeze"
    return tf.squeeze(pooled, [1, 2], name=output), lambda file: {
        images: EVALUATED(file, 0.0, 255.0)
    }


def EVALUATED(file, mean, std):
    with tf.Graph().as_default(), tf1.Session() as session:
        return session.run(decoded(file, mean, std))


def add_final_training_ops(bottleneck, classes):
    size = bottleneck.shape[-1]
    with tf.name_scope("input"):
        bottleneck_input = tf1.placeholder_with_default(
            bottleneck, shape=[None, size], name="BottleneckInputPlaceholder"
        )
        truth = tf1.placeholder(tf.int64, [None], name="GroundTruthInput")
    with tf.name_scope("final_training_ops"):
        with tf.name_scope("weights"):
            initial = tf.random.truncated_normal([size, classes], stddev=0.001, seed=1)
            weights = tf1.Variable(initial, name="final_weights", use_resource=False)
        with tf.name_scope("biases"):
            biases = tf1.Variable(tf.zeros([classes]), name="final_biases", use_resource=False)
        with tf.name_scope("Wx_plus_b"):
            logits = tf.matmul(bottleneck_input, weights) + biases
    tf.nn.softmax(logits, name="final_result")
    loss = tf1.losses.sparse_softmax_cross_entropy(labels=truth, logits=logits)
    step = tf1.train.GradientDescentOptimizer(0.01).minimize(loss)
    return bottleneck_input, truth, step


def train(style, mobilenet, directory, lists):
    with tf.Graph().as_default() as graph, tf1.Session() as session:
        bottleneck, feed = style(mobilenet)
        bottleneck_input, truth, step = add_final_training_ops(bottleneck, len(lists))
        session.run(tf1.global_variables_initializer())
        files = [(file, i) for i, files in enumerate(lists.values()) for file in files]
        vectors = np.concatenate([session.run(bottleneck, feed(file)) for file, _ in files])
        labels = [label for _, label in files]
        for _ in range(30):
            session.run(step, {bottleneck_input: vectors, truth: labels})
        frozen = tf1.graph_util.convert_variables_to_constants(
            session, graph.as_graph_def(), ["final_result"]
        )
    os.makedirs(directory)
    with open(os.path.join(directory, "retrained_graph.pb"), "wb") as file:
        file.write(frozen.SerializeToString())
    with open(os.path.join(directory, "retrained_labels.txt"), "w") as file:
        file.write("\n".join(lists) + "\n")


def run(style, directory, files):
    """The probabilities by the frozen graph alone."""
    definition = tf1.GraphDef()
    with open(os.path.join(directory, "retrained_graph.pb"), "rb") as file:
        definition.ParseFromString(file.read())
    probabilities = {}
    with tf.Graph().as_default(), tf1.Session() as session:
        tf1.import_graph_def(definition, name="")
        for file in files:
            fed = {
                "decoder": lambda: {"DecodeJpeg/contents:0": open(file, "rb").read()},
                "mobilenet": lambda: {"input:0": EVALUATED(file, 127.5, 127.5)},
                "hub": lambda: {"Placeholder:0": EVALUATED(file, 0.0, 255.0)},
            }[style]()
            probabilities[file] = session.run("final_result:0", fed)[0].tolist()
    return probabilities


def main():
    if sys.argv[1] == "serve":
        serve = tf.saved_model.load(sys.argv[2]).signatures["serving_default"]
        contents = [open(file, "rb").read() for file in sys.argv[3:]]
        out = serve(image_bytes=tf.constant(contents))["probabilities"].numpy()
        print(json.dumps(dict(zip(sys.argv[3:], out.tolist()))))
        return
    mobilenet, directory, image_dir = sys.argv[2:]
    lists = images_by_label(image_dir)
    files = [file for files in lists.values() for file in files]
    styles = {"decoder": decoder, "mobilenet": mobilenet_input, "hub": hub_input}
    result = {}
    for name, style in styles.items():
        train(style, mobilenet, os.path.join(directory, name), lists)
        result[name] = run(name, os.path.join(directory, name), files)
    print(json.dumps(result))


main()
