"""Writes frozen graphs as Python's tools do, and runs them.

usage: supported_graphs.py DIRECTORY NAME...
writes DIRECTORY/NAME.pb; prints JSON: for each name the package that is missing, or the input and
output tensors, the size of images, images ([n][height * width * 3], 0 to 1), and the vectors that
Python computes from them with the frozen graph
"""

import importlib.util
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import (
    convert_variables_to_constants_v2,
)

# Set for each graph: Keras 3, or Keras 2 (the package tf_keras).
keras = None

COUNT = 2
tf1 = tf.compat.v1


def small_cnn():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Rescaling(2.0, offset=-1.0),
            layers.Conv2D(8, 3, strides=2, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.DepthwiseConv2D(3, padding="same"),
            layers.Dropout(0.5),
            layers.SeparableConv2D(12, 3, activation="swish"),
            layers.GroupNormalization(4),
            layers.GlobalAveragePooling2D(),
            layers.LayerNormalization(),
            layers.Dense(7, activation="gelu"),
        ]
    )


def mobilenet_v2():
    return keras.applications.MobileNetV2(
        input_shape=(96, 96, 3), alpha=0.35, weights=None, include_top=False, pooling="avg"
    )


def mobilenet_v3():
    return keras.applications.MobileNetV3Small(
        input_shape=(96, 96, 3), alpha=0.75, weights=None, include_top=False, pooling="avg"
    )


def efficientnet():
    return keras.applications.EfficientNetB0(
        input_shape=(64, 64, 3), weights=None, include_top=False, pooling="avg"
    )


def recurrent():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(4, 4, strides=4),
            layers.Reshape((4, 16)),
            layers.GRU(5),
        ]
    )


def randomize(model):
    """Weights as those of a trained network: every variance and offset differs."""
    generator = np.random.default_rng(1)
    for variable in model.weights:
        name = variable.path if hasattr(variable, "path") else variable.name
        value = np.asarray(variable)
        if "seed" in name or value.dtype != np.float32:
            continue
        if "variance" in name or "gamma" in name:
            variable.assign(generator.uniform(0.5, 1.5, value.shape))
        elif value.ndim < 2:
            variable.assign(generator.normal(0, 0.1, value.shape))
    return model


def from_keras(build, lower):
    model = randomize(build())
    function = tf.function(lambda x: model(x, training=False))
    return from_function(function, model.input_shape[1:], lower)


def from_function(function, shape, lower=True):
    concrete = tf.function(function).get_concrete_function(
        tf.TensorSpec([None, *shape], tf.float32, name="images")
    )
    frozen = convert_variables_to_constants_v2(concrete, lower_control_flow=lower)
    return (
        frozen.graph.as_graph_def(),
        frozen.inputs[0].name,
        frozen.outputs[0].name,
        shape,
    )


def pooled(x):
    return tf.reduce_mean(x, [1, 2])


def cond(x):
    return pooled(
        tf.cond(tf.reduce_mean(x) > 0.4, lambda: x * 2.0, lambda: x + 1.0)
    )


def while_loop(x):
    y = tf.while_loop(
        lambda i, y: i < 5, lambda i, y: (i + 1, y * 1.5 + 0.1), [tf.constant(0), x]
    )[1]
    return pooled(y)


def while_maximum(x):
    y = tf.while_loop(
        lambda y: tf.reduce_sum(y) < 1e4,
        lambda y: (y * 1.5,),
        [x],
        maximum_iterations=10,
    )[0]
    return pooled(y)


def nested(x):
    def outer(i, y):
        z = tf.while_loop(
            lambda j, z: j <= 6, lambda j, z: (j + 2, tf.sin(z)), [tf.constant(0), y]
        )[1]
        return i + 1, z + 1.0

    return pooled(tf.while_loop(lambda i, y: i < 4, outer, [tf.constant(0), x])[1])


def map_fn(x):
    return pooled(tf.map_fn(tf.image.per_image_standardization, x))


def tf1_session(nodes, shape, loops_of_tf2=False):
    """What freeze_graph does: variables become constants of the session's values."""
    with tf.Graph().as_default() as graph:
        if loops_of_tf2:
            tf1.enable_control_flow_v2()
        else:
            tf1.disable_control_flow_v2()
        images = tf1.placeholder(tf.float32, [None, *shape], "input")
        output = tf.identity(nodes(images), "vector")
        with tf1.Session() as session:
            session.run(tf1.global_variables_initializer())
            frozen = tf1.graph_util.convert_variables_to_constants(
                session, graph.as_graph_def(), ["vector"]
            )
    return frozen, "input:0", "vector:0", shape


def tf1_network(x):
    """A network of slim's kind, with batch normalization and dropout that are switched off."""
    training = tf1.placeholder_with_default(False, [], "is_training")
    filters = tf1.get_variable(
        "filters", [3, 3, 3, 6], initializer=tf1.glorot_uniform_initializer(seed=1)
    )
    x = tf1.nn.conv2d(x, filters, [1, 2, 2, 1], "SAME")
    scale = tf1.get_variable("scale", [6], initializer=tf1.random_uniform_initializer(0.5, 2, 2))
    mean = tf1.get_variable("mean", [6], initializer=tf1.random_normal_initializer(0, 0.1, 3))
    x = tf1.nn.fused_batch_norm(x, scale, mean, mean, scale, is_training=False)[0]
    x = tf1.nn.relu6(x)
    x = tf1.cond(training, lambda: x * 2.0, lambda: tf1.identity(x))
    i = tf1.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * 0.5), [0, x])
    return tf1.reduce_mean(i[1], [1, 2])


def with_decoder(shape):
    """As retrain.py's graph of 2015: a JPEG decoder and a resize before the network."""
    with tf.Graph().as_default() as graph:
        jpeg = tf.io.encode_jpeg(tf.zeros([20, 30, 3], tf.uint8)).op.outputs[0]
        with tf1.Session() as session:
            content = session.run(jpeg)
        contents = tf1.constant(content, name="DecodeJpeg/contents")
        decoded = tf1.image.decode_jpeg(contents, channels=3, name="DecodeJpeg")
        floats = tf1.cast(decoded, tf.float32, "Cast")
        batch = tf1.expand_dims(floats, 0, "ExpandDims")
        resized = tf1.image.resize_bilinear(batch, shape[:2], name="ResizeBilinear")
        scaled = tf1.multiply(tf1.subtract(resized, 0.5, "Sub"), 2.0, "Mul")
        filters = tf1.constant(
            np.random.default_rng(1).normal(0, 0.3, [3, 3, 3, 5]).astype(np.float32)
        )
        x = tf1.nn.relu(tf1.nn.conv2d(scaled, filters, [1, 1, 1, 1], "VALID"))
        x = tf1.nn.avg_pool(x, [1, 14, 14, 1], [1, 1, 1, 1], "VALID", name="pool_3")
        tf1.reshape(x, [1, 5], name="pool_3/_reshape")
        return graph.as_graph_def(), "ResizeBilinear:0", "pool_3:0", shape


GRAPHS = {
    "keras_cnn": lambda: from_keras(small_cnn, True),
    "keras_cnn_functions": lambda: from_keras(small_cnn, False),
    "keras_mobilenet_v2": lambda: from_keras(mobilenet_v2, True),
    "keras_mobilenet_v3": lambda: from_keras(mobilenet_v3, True),
    "keras_gru": lambda: from_keras(recurrent, True),
    "keras_gru_functions": lambda: from_keras(recurrent, False),
    "keras2_cnn": lambda: from_keras(small_cnn, True),
    "keras2_mobilenet_v2": lambda: from_keras(mobilenet_v2, True),
    "keras2_efficientnet": lambda: from_keras(efficientnet, True),
    "tf1_network": lambda: tf1_session(tf1_network, (16, 16, 3)),
    "tf1_network_functions": lambda: tf1_session(tf1_network, (16, 16, 3), True),
    "decoder": lambda: with_decoder((16, 16, 3)),
}
for _function in (cond, while_loop, while_maximum, nested, map_fn):
    for _lower in (True, False):
        GRAPHS[_function.__name__ + ("" if _lower else "_functions")] = (
            lambda function=_function, lower=_lower: from_function(
                function, (8, 8, 3), lower
            )
        )


def run(definition, input_name, output_name, images):
    """The vectors, computed one image at a time, as a graph that was frozen for one needs."""
    with tf.Graph().as_default():
        tf.import_graph_def(definition, name="")
        with tf1.Session() as session:
            rows = [
                session.run(output_name, {input_name: images[i : i + 1]})
                for i in range(len(images))
            ]
    return np.concatenate(rows).reshape(len(images), -1)


def graph(directory, name):
    global keras
    package = "tf_keras" if name.startswith("keras2") else "keras"
    if importlib.util.find_spec(package) is None:
        return {"missing": package}
    keras = importlib.import_module(package)
    keras.utils.set_random_seed(1)
    tf1.enable_control_flow_v2()
    definition, input_name, output_name, shape = GRAPHS[name]()
    with open(os.path.join(directory, name + ".pb"), "wb") as f:
        f.write(definition.SerializeToString())
    images = np.random.default_rng(2).uniform(0, 1, [COUNT, *shape]).astype(np.float32)
    vectors = run(definition, input_name, output_name, images)
    return {
        "input": input_name,
        "output": output_name,
        "size": shape[:2],
        "images": images.reshape(COUNT, -1).tolist(),
        "vectors": vectors.tolist(),
    }


def main():
    directory, *names = sys.argv[1:]
    print(json.dumps({name: graph(directory, name) for name in names}))


main()
