"""Writes SavedModels as the exporters of Python do, and runs them.

usage: saved_models.py DIRECTORY NAME...
writes SavedModels to DIRECTORY/NAME; prints JSON: for each name the package that is missing, or
the images ([n][height * width * 3], 0 to 1, or integers of 0 to 255), their size, and the vectors
that Python computes from them with the model
"""

import importlib.util
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
keras = None
COUNT = 2


def tame(model):
    """Weights as those of a trained network: nothing grows from layer to layer."""
    generator = np.random.default_rng(1)
    for variable in model.weights:
        name = variable.path if hasattr(variable, "path") else variable.name
        value = np.asarray(variable)
        if "seed" in name or "state" in name or value.dtype.kind not in "fV":
            continue
        if "variance" in name or "gamma" in name:
            variable.assign(generator.uniform(0.8, 1.2, value.shape))
        elif value.ndim < 2:
            variable.assign(generator.normal(0, 0.1, value.shape))
    return model


def tiny(dtype=None, size=32):
    layers = keras.layers
    if dtype:
        keras.mixed_precision.set_global_policy(dtype)
    try:
        inputs = keras.Input((size, size, 3))
        x = layers.Rescaling(2.0, offset=-1.0)(inputs)
        x = layers.Conv2D(8, 3, strides=2, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.Dropout(0.5)(x)
        x = layers.SeparableConv2D(12, 3, activation="swish")(x)
        x = layers.GlobalAveragePooling2D()(x)
        return tame(keras.Model(inputs, x))
    finally:
        if dtype:
            keras.mixed_precision.set_global_policy("float32")


def vit():
    layers = keras.layers
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(24, 8, strides=8)(inputs)
    x = layers.Reshape((16, 24))(x)
    positions = layers.Embedding(16, 24)(tf.range(16))
    x = x + positions
    for _ in range(2):
        y = layers.LayerNormalization()(x)
        y = layers.MultiHeadAttention(2, 12)(y, y)
        x = x + y
        y = layers.Dense(48, activation="gelu")(layers.LayerNormalization()(x))
        x = x + layers.Dense(24)(y)
    x = layers.LayerNormalization()(x)
    return tame(keras.Model(inputs, layers.GlobalAveragePooling1D()(x)))


def application(name, size=64):
    build = getattr(keras.applications, name)
    return tame(build(input_shape=(size, size, 3), weights=None, include_top=False, pooling="avg"))


def infer(model):
    return lambda x: np.asarray(model(x, training=False))


def export(build):
    def write(path):
        model = build()
        model.export(path, verbose=False) if package(keras) == "keras" else model.export(path)
        return infer(model), model.input_shape[1:]

    return write


def save(build):
    def write(path):
        model = build()
        tf.saved_model.save(model, path)
        return infer(model), model.input_shape[1:]

    return write


def keras2_save(build):
    def write(path):
        model = build()
        model.save(path, save_format="tf")
        return infer(model), model.input_shape[1:]

    return write


def keras2_reloaded(path):
    first = tiny()
    first.save(path + "_first", save_format="tf")
    inner = keras.models.load_model(path + "_first")
    inputs = keras.Input((32, 32, 3))
    model = keras.Model(inputs, inner(inputs))
    tf.saved_model.save(model, path)
    return infer(model), (32, 32, 3)


def package(module):
    return module.__name__.split(".")[0]


class Block(tf.Module):
    def __init__(self):
        rng = np.random.default_rng(3)
        self.filters = tf.Variable(rng.normal(0, 0.3, [3, 3, 3, 9]).astype(np.float32))
        self.table = tf.Variable(rng.normal(0, 1, [4, 9]).astype(np.float32))
        self.scale = tf.constant(rng.uniform(0.5, 1, [9]).astype(np.float32))

    @tf.function
    def convolve(self, x):
        return tf.nn.relu(tf.nn.conv2d(x, self.filters, 2, "SAME") * self.scale)


class Net(tf.Module):
    """Nested functions; no signature of its own."""

    def __init__(self):
        self.block = Block()
        self.optimizer_slot = tf.Variable(tf.zeros([3]))

    def features(self, x):
        y = tf.reduce_mean(self.block.convolve(x), [1, 2])
        return y + tf.gather(self.block.table, 2)

    @tf.function(input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.float32, "images")])
    def dictionary(self, x):
        y = self.features(x)
        return {"default": y, "logits": y[:, :3] * 2.0}

    @tf.function
    def __call__(self, x, training=False):
        y = self.features(x)
        return tf.nn.dropout(y, 0.5) if training else y

    @tf.function(input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.float32)])
    def loop(self, x):
        y = self.block.convolve(x)
        i = tf.constant(0)
        while i < 3:
            y = y * 0.5 + self.block.filters[0, 0, 0]
            i += 1
        return {"y": tf.reduce_mean(y, [1, 2])}

    @tf.function(input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.float32)], jit_compile=True)
    def compiled(self, x):
        return {"y": self.features(x)}

    @tf.function(input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.float32)])
    def branch(self, x):
        small = tf.shape(x)[1] < 20
        y = tf.cond(small, lambda: self.block.convolve(x) * 2.0, lambda: self.block.convolve(x))
        return {"y": tf.reduce_mean(y, [1, 2])}

    @tf.function(input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.uint8)])
    def bytes(self, x):
        return {"y": self.features(tf.cast(x, tf.float32) / 255.0)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def encoded(self, files):
        def decode(file):
            return tf.image.resize(tf.image.decode_jpeg(file, channels=3), [32, 32])

        images = tf.map_fn(decode, files, fn_output_signature=tf.float32)
        return {"y": self.features(tf.identity(images, "decoded") / 255.0)}


def module(method):
    def write(path):
        net = Net()
        function = getattr(net, method)
        tf.saved_model.save(net, path, signatures=function)

        def run(x):
            outputs = getattr(net, method)(x)
            return outputs.get("default", outputs.get("y")).numpy()

        return run, (32, 32, 3)

    return write


def module_call(path):
    net = Net()
    spec = tf.TensorSpec([None, 32, 32, 3], tf.float32, "x")
    net.__call__.get_concrete_function(spec, training=True)
    net.__call__.get_concrete_function(spec, training=False)
    tf.saved_model.save(net, path)
    return lambda x: net(x).numpy(), (32, 32, 3)


def tf1_net(x, training, partitioner=None, use_resource=False):
    with tf1.variable_scope("net", partitioner=partitioner, use_resource=use_resource):
        filters = tf1.get_variable(
            "filters", [3, 3, 3, 9], initializer=tf1.glorot_uniform_initializer(seed=1)
        )
        scale = tf1.get_variable(
            "scale", [9], initializer=tf1.random_uniform_initializer(0.5, 2, 2), partitioner=None
        )
        y = tf1.nn.conv2d(x, filters, [1, 2, 2, 1], "SAME") * scale
        y = tf1.cond(training, lambda: tf1.nn.dropout(y, rate=0.5), lambda: tf1.identity(y))
        return tf1.reduce_mean(tf1.nn.relu6(y), [1, 2], name="features")


def tf1_model(key="serving_default", tags=("serve",), **options):
    def write(path):
        images = tf1.placeholder
        builder = tf1.saved_model.Builder(path)
        result = []
        for i, training in enumerate([False, True] if not tags else [False]):
            with tf.Graph().as_default(), tf1.Session() as session:
                tf1.disable_control_flow_v2()
                x = images(tf.float32, [None, 32, 32, 3], "images")
                flag = tf1.placeholder_with_default(training, [], "is_training")
                y = tf1_net(x, flag, **options)
                session.run(tf1.global_variables_initializer())
                signature = tf1.saved_model.predict_signature_def({"images": x}, {"default": y})
                if i == 0:
                    builder.add_meta_graph_and_variables(session, list(tags), {key: signature})
                    pixels = pictures((32, 32, 3))
                    result.append(session.run(y, {x: pixels}))
                else:
                    builder.add_meta_graph(["train"], {key: signature})
        builder.save()
        tf1.enable_control_flow_v2()
        return lambda x: result[0], (32, 32, 3)

    return write


def hub_module(path):
    result = tf1_model(key="default", tags=())(path)
    with open(os.path.join(path, "tfhub_module.pb"), "wb") as f:
        f.write(b"\x08\x03")
    return result


def training_mode(path):
    """Batch normalization that was exported in training mode."""
    model = tiny()
    archive = tf.Module()
    archive.model = model
    function = tf.function(
        lambda x: batch_normalized(model, x),
        input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.float32)],
    )
    tf.saved_model.save(archive, path, signatures=function)
    return infer(model), (32, 32, 3)


def batch_normalized(model, x):
    y = model(x, training=False)
    return (y - tf.reduce_mean(y, 0)) / (tf.math.reduce_std(y, 0) + 0.1)


def dropping(path):
    """Dropout that was exported in training mode."""
    net = Net()
    function = tf.function(
        lambda x: tf.reduce_mean(tf.nn.dropout(x, 0.5), [1, 2]),
        input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.float32)],
    )
    tf.saved_model.save(net, path, signatures=function)
    return lambda x: function(x).numpy(), (32, 32, 3)


def hostile(where):
    """Writes or reads a file: in the network, or while the model is loaded."""

    def write(path):
        owned = path + "_owned"
        net = Net()

        @tf.function(input_signature=[tf.TensorSpec([None, 32, 32, 3], tf.float32)])
        def call(x):
            if where == "read":
                return tf.reduce_mean(x, [1, 2]) + tf.cast(
                    tf.strings.length(tf.io.read_file("/etc/passwd")), tf.float32
                )
            if where == "call":
                # The value is needed, so that the op is no mere control dependency.
                file = tf.raw_ops.MatchingFiles(pattern=owned)
                tf.io.write_file(owned, "x")
                return tf.reduce_mean(x, [1, 2]) + tf.cast(tf.size(file), tf.float32)
            return net.features(x)

        if where != "init":
            tf.saved_model.save(net, path, signatures=call)
        else:
            builder = tf1.saved_model.Builder(path)
            with tf.Graph().as_default(), tf1.Session() as session:
                x = tf1.placeholder(tf.float32, [None, 32, 32, 3], "images")
                y = tf1_net(x, tf1.constant(False))
                session.run(tf1.global_variables_initializer())
                signature = tf1.saved_model.predict_signature_def({"images": x}, {"default": y})
                saver = tf1.train.Saver()
                evil = tf1.raw_ops.WriteFile(filename=owned, contents="x")
                builder.add_meta_graph_and_variables(
                    session,
                    ["serve"],
                    {"serving_default": signature},
                    main_op=evil,
                    saver=saver,
                )
            builder.save()
        return lambda x: np.zeros([len(x), 3]), (32, 32, 3)

    return write


def hostile_restore(path):
    """The function that restores variables writes a file."""
    model = tf1_model()
    result = model(path)
    from tensorflow.core.protobuf import saved_model_pb2

    file = os.path.join(path, "saved_model.pb")
    proto = saved_model_pb2.SavedModel()
    with open(file, "rb") as f:
        proto.ParseFromString(f.read())
    graph = proto.meta_graphs[0].graph_def
    restore = proto.meta_graphs[0].saver_def.restore_op_name
    for name, value in (("evil_name", path + "_owned"), ("evil_text", "x")):
        node = graph.node.add(name=name, op="Const")
        node.attr["dtype"].type = tf.string.as_datatype_enum
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
    graph.node.add(name="evil", op="WriteFile", input=["evil_name", "evil_text"])
    for node in graph.node:
        if node.name == restore:
            node.input.append("^evil")
    with open(file, "wb") as f:
        f.write(proto.SerializeToString())
    return result


MODELS = {
    "keras3_export": lambda p: export(tiny)(p),
    "keras3_save": lambda p: save(tiny)(p),
    "keras3_float16": lambda p: export(lambda: tiny("mixed_float16"))(p),
    "keras3_bfloat16": lambda p: export(lambda: tiny("mixed_bfloat16"))(p),
    "keras3_vit": lambda p: export(vit)(p),
    "keras3_mobilenet_v2": lambda p: export(lambda: application("MobileNetV2"))(p),
    "keras3_mobilenet_v3": lambda p: save(lambda: application("MobileNetV3Small"))(p),
    "keras3_resnet50": lambda p: export(lambda: application("ResNet50"))(p),
    "keras3_efficientnet": lambda p: export(lambda: application("EfficientNetB0"))(p),
    "keras3_convnext": lambda p: export(lambda: application("ConvNeXtTiny"))(p),
    "keras2_export": lambda p: export(tiny)(p),
    "keras2_saved_model": lambda p: save(tiny)(p),
    "keras2_save": lambda p: keras2_save(tiny)(p),
    "keras2_reloaded": keras2_reloaded,
    "keras2_efficientnet": lambda p: save(lambda: application("EfficientNetB0"))(p),
    "module_dictionary": module("dictionary"),
    "module_call": module_call,
    "module_loop": module("loop"),
    "module_branch": module("branch"),
    "module_compiled": module("compiled"),
    "module_uint8": module("bytes"),
    "module_encoded": module("encoded"),
    "tf1_ref": tf1_model(),
    "tf1_resource": tf1_model(use_resource=True),
    "tf1_partitioned": tf1_model(partitioner=tf1.fixed_size_partitioner(2, axis=0)),
    "tf1_hub": hub_module,
    "training_mode": training_mode,
    "training_dropout": dropping,
    "hostile_call": hostile("call"),
    "hostile_read": hostile("read"),
    "hostile_init": hostile("init"),
    "hostile_restore": hostile_restore,
}


def pictures(shape, integers=False):
    rng = np.random.default_rng(2)
    if integers:
        return rng.integers(0, 256, [COUNT, *shape]).astype(np.uint8)
    return rng.uniform(0, 1, [COUNT, *shape]).astype(np.float32)


def write(directory, name):
    global keras
    needed = "tf_keras" if name.startswith("keras2") else "keras"
    if importlib.util.find_spec(needed) is None:
        return {"missing": needed}
    keras = importlib.import_module(needed)
    keras.utils.set_random_seed(1)
    run, shape = MODELS[name](os.path.join(directory, name))
    result = {"size": shape[:2]}
    if not name.startswith("hostile") and name != "module_encoded":
        images = pictures(shape, name == "module_uint8")
        vectors = np.asarray(run(images)).astype(np.float64)
        result["images"] = images.reshape(COUNT, -1).tolist()
        result["vectors"] = vectors.reshape(COUNT, -1).tolist()
    return result


def main():
    directory, *names = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    json.dump({name: write(directory, name) for name in names}, output)


# Exporters print progress to the standard output.
output = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
main()
output.close()
