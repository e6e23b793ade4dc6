"""Writes frozen graphs of small networks that take images in different ways, and runs them.

usage: conventions.py DIRECTORY SAVED_MODEL IMAGES NAME...
writes DIRECTORY/NAME.pb; prints JSON: for each name the package that is missing, or the names of
the input and output tensors, and the vectors of the first images, sorted by path, as the network's
author would compute them: decoded, resized, normalized, fed to the model
"""

import importlib.util
import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import (
    convert_variables_to_constants_v2,
)

keras = None
SIZE = 48
COUNT = 3
tf1 = tf.compat.v1

TORCH = (np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225]))
PREPARE = {
    "signed": lambda x: x / 127.5 - 1,
    "unit": lambda x: x / 255,
    "bytes": lambda x: x,
    "torch": lambda x: (x / 255 - TORCH[0]) / TORCH[1],
    "caffe": lambda x: x[..., ::-1] - [103.939, 116.779, 123.68],
    "odd": lambda x: (x - [100, 110, 120]) / [50, 60, 70],
}


def images(folder):
    """All images [n, SIZE, SIZE, 3], 0 to 255, resized as label_image.py does."""
    files = sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file())
    decoded = [tf.image.decode_image(p.read_bytes(), 3, expand_animations=False) for p in files]
    return np.concatenate(
        [
            tf1.image.resize_bilinear(tf.cast(image[None], tf.float32), [SIZE, SIZE]).numpy()
            for image in decoded
        ]
    )


def trained(model, prepared):
    """Gives each BatchNormalization the statistics of these images, as training does."""
    generator = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            before = keras.Model(model.inputs, layer.input)
            values = np.asarray(before(prepared), np.float32).reshape(-1, layer.input.shape[-1])
            layer.moving_mean.assign(values.mean(0))
            layer.moving_variance.assign(values.var(0))
            layer.gamma.assign(generator.uniform(0.5, 1.5, layer.gamma.shape))
            layer.beta.assign(generator.normal(0, 0.3, layer.beta.shape))
    return model


def layers_of(x):
    """A convolution and two residual blocks of different sizes."""
    layers = keras.layers
    x = layers.Conv2D(16, 5, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for channels in (24, 32):
        x = layers.Conv2D(channels, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        y = layers.Conv2D(channels, 3, padding="same")(layers.ReLU()(x))
        x = layers.ReLU()(layers.Add()([x, y]))
    return x


def network(prepare=lambda x: x, head=None, dtype="float32"):
    inputs = keras.Input((SIZE, SIZE, 3), dtype=dtype, name="images")
    x = keras.layers.GlobalAveragePooling2D()(layers_of(prepare(inputs)))
    return keras.Model(inputs, head(x) if head else x)


def pooled(prepare):
    """No batch normalization."""
    inputs = keras.Input((SIZE, SIZE, 3), name="images")
    x = keras.layers.Conv2D(16, 5, strides=2, activation="relu")(prepare(inputs))
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))


def rescaling(scale, offset):
    return lambda x: keras.layers.Rescaling(scale, offset)(x)


def normalization_layer(x):
    x = keras.layers.Rescaling(1 / 255)(x)
    layer = keras.layers.Normalization(mean=list(TORCH[0]), variance=list(TORCH[1] ** 2))
    return layer(x)


def classes(x):
    x = keras.layers.Dropout(0.3)(x)
    return keras.layers.Dense(10, activation="softmax", name="scores")(x)


def logits(x):
    return keras.layers.Dense(10)(keras.layers.Dense(20, activation="relu", name="hidden")(x))


class ClassToken(tf.keras.layers.Layer):
    def build(self, shape):
        self.token = self.add_weight(shape=(1, 1, shape[-1]), initializer="random_normal")

    def call(self, x):
        count = tf.shape(x)[0]
        return tf.concat([tf.repeat(self.token, count, axis=0), x], 1)


def vit(head=None):
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.Conv2D(40, 8, strides=8)(inputs)
    x = ClassToken()(layers.Reshape((36, 40))(x))
    for _ in range(2):
        y = layers.LayerNormalization()(x)
        x = layers.Add()([x, layers.MultiHeadAttention(2, 20)(y, y)])
        y = layers.Dense(80, activation="gelu")(layers.LayerNormalization()(x))
        x = layers.Add()([x, layers.Dense(40)(y)])
    x = layers.LayerNormalization()(x)[:, 0]
    return keras.Model(inputs, head(x) if head else x)


def convnext(head=None):
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3))
    x = inputs
    for channels, stride in ((24, 4), (48, 2)):
        x = layers.LayerNormalization()(layers.Conv2D(channels, stride, strides=stride)(x))
        y = layers.LayerNormalization()(layers.DepthwiseConv2D(7, padding="same")(x))
        y = layers.Dense(channels)(layers.Dense(4 * channels, activation="gelu")(y))
        x = layers.Add()([x, y])
    x = layers.LayerNormalization()(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, head(x) if head else x)


def frozen(model, lower=True):
    spec = tf.TensorSpec([None, *model.inputs[0].shape[1:]], model.inputs[0].dtype, name="images")
    concrete = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec)
    result = convert_variables_to_constants_v2(concrete, lower_control_flow=lower)
    return result.graph.as_graph_def(), result.inputs[0].name, result.outputs[0].name


def lite0(saved):
    model = tf.saved_model.load(saved)
    result = convert_variables_to_constants_v2(model.signatures["serving_default"])
    return result.graph.as_graph_def(), result.inputs[0].name, result.outputs[0].name


def cast_twice(x):
    return keras.layers.Concatenate()(
        [keras.layers.Rescaling(1 / 127.5, -1, dtype="float32")(x)] * 2
    )


NETWORKS = {name: (name, lambda: network()) for name in PREPARE}
NETWORKS.update(
    {
        "rescaling": ("bytes", lambda: network(rescaling(1 / 127.5, -1))),
        "rescaling_unit": ("unit", lambda: network(rescaling(2.0, -1))),
        "rescaling_only": ("bytes", lambda: pooled(rescaling(1 / 127.5, -1))),
        "normalization": ("bytes", lambda: network(normalization_layer)),
        "classes": ("signed", lambda: network(head=classes)),
        "logits": ("unit", lambda: network(head=logits)),
        "uint8": ("bytes", lambda: network(rescaling(1 / 127.5, -1), dtype="uint8")),
        "uint8_twice": ("bytes", lambda: network(cast_twice, dtype="uint8")),
        "vit": ("signed", vit),
        "vit_classes": ("signed", lambda: vit(classes)),
        "convnext": ("signed", convnext),
        "convnext_classes": ("signed", lambda: convnext(classes)),
    }
)


def features(model):
    """What enters the last dense layer, or the output."""
    last = model.layers[-1]
    if isinstance(last, keras.layers.Dense):
        before = last.input
        if isinstance(model.layers[-2], keras.layers.Dropout):
            before = model.layers[-2].input
        return keras.Model(model.inputs, before)
    return model


def graph(directory, saved, folder, name):
    global keras
    package = "tf_keras" if name.endswith("_keras2") else "keras"
    if importlib.util.find_spec(package) is None:
        return {"missing": package}
    keras = importlib.import_module(package)
    keras.utils.set_random_seed(3)
    # Images of CIFAR-10 keep their size, so that their values are integers.
    global SIZE
    SIZE = 32 if name.startswith("uint8") else 48
    if name == "lite0":
        definition, input_name, output_name = lite0(saved)
        vectors = np.zeros([0, 0])
    else:
        convention, build = NETWORKS[name.replace("_keras2", "")]
        prepared = PREPARE[convention](images(folder)).astype(np.float32)
        model = build()
        fed = prepared
        if model.inputs[0].dtype == "uint8" or model.inputs[0].dtype == tf.uint8:
            fed = np.rint(prepared).astype(np.uint8)
        trained(model, fed)
        definition, input_name, output_name = frozen(model)
        vectors = np.asarray(features(model)(fed[:COUNT]))
    with open(os.path.join(directory, name + ".pb"), "wb") as f:
        f.write(definition.SerializeToString())
    return {"input": input_name, "output": output_name, "vectors": vectors.tolist()}


def main():
    directory, saved, folder, *names = sys.argv[1:]
    print(json.dumps({name: graph(directory, saved, folder, name) for name in names}))


main()
