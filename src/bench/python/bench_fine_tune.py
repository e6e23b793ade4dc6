"""Fine-tunes MobileNet v1 in Python as a user of TensorFlow would: Keras's model with the weights of
the frozen graph, decoded images in memory, tf.data, AdamW, the recipe of 'retrain train --fine-tune'.

    python bench_fine_tune.py GRAPH DIRECTORY SIZE EPOCHS FIXED_BLOCKS SEED

DIRECTORY has the folders train, validation and test, each with a folder per class. FIXED_BLOCKS is the
number of separable blocks that stay frozen, after the first convolution. Prints one JSON object: images per second in training, and the accuracies after the last epoch.
"""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

BATCH = 128
RATE = 2e-3
WARMUP = 200
WEIGHT_DECAY = 1e-4
SMOOTHING = 0.1


def constants(graph_file):
    graph = tf.compat.v1.GraphDef()
    with open(graph_file, "rb") as file:
        graph.ParseFromString(file.read())
    return {
        node.name: tf.make_ndarray(node.attr["value"].tensor)
        for node in graph.node
        if node.op == "Const"
    }


def network(graph_file, size, alpha):
    """Keras's MobileNet v1 with the weights of the frozen graph."""
    model = keras.applications.MobileNet(
        input_shape=(size, size, 3), alpha=alpha, include_top=False, weights=None, pooling="avg"
    )
    values = constants(graph_file)
    for layer in model.layers:
        name = layer.name
        if name == "conv1":
            set_kernel(layer, values, "Conv2d_0/weights")
        elif name.startswith("conv_dw_") and name[8:].isdigit():
            set_kernel(layer, values, f"Conv2d_{name[8:]}_depthwise/depthwise_weights")
        elif name.startswith("conv_pw_") and name[8:].isdigit():
            set_kernel(layer, values, f"Conv2d_{name[8:]}_pointwise/weights")
        elif name.endswith("_bn"):
            scope = (
                "Conv2d_0"
                if name == "conv1_bn"
                else f"Conv2d_{name.split('_')[2]}_{'depthwise' if '_dw_' in name else 'pointwise'}"
            )
            prefix = f"MobilenetV1/{scope}/BatchNorm/"
            layer.set_weights(
                [
                    values[prefix + part]
                    for part in ("gamma", "beta", "moving_mean", "moving_variance")
                ]
            )
    return model


def set_kernel(layer, values, name):
    layer.set_weights([values["MobilenetV1/" + name]])


def load(directory, size):
    classes = sorted(os.listdir(directory))
    images, labels = [], []
    for label, name in enumerate(classes):
        folder = os.path.join(directory, name)
        for file in sorted(os.listdir(folder)):
            image = tf.io.decode_image(tf.io.read_file(os.path.join(folder, file)), channels=3)
            resized = tf.compat.v1.image.resize_bilinear(tf.cast(image, tf.float32)[None], [size, size])
            images.append(np.rint(resized[0].numpy()).astype(np.uint8))
            labels.append(label)
    return np.stack(images), np.array(labels), len(classes)


def distort(image, size):
    """A flip, and a shift by up to an eighth."""
    margin = size // 8
    padded = tf.pad(image, [[margin, margin], [margin, margin], [0, 0]], "REFLECT")
    return tf.image.random_flip_left_right(tf.image.random_crop(padded, [size, size, 3]))


def normalized(image):
    return tf.cast(image, tf.float32) * (1 / 127.5) - 1


def main():
    graph_file, directory = sys.argv[1:3]
    size, epochs, fixed, seed = map(int, sys.argv[3:7])
    keras.utils.set_random_seed(seed)
    images, labels, classes = load(os.path.join(directory, "train"), size)
    sets = {name: load(os.path.join(directory, name), size) for name in ("validation", "test")}
    backbone = network(graph_file, size, 0.25)
    outputs = keras.layers.Dense(classes)
    model = keras.Sequential([backbone, outputs])

    # The head first, on fixed vectors.
    vectors = backbone.predict(normalized(images).numpy(), batch_size=BATCH, verbose=0)
    head = keras.Sequential([outputs])
    head.compile(
        keras.optimizers.Adam(1e-2),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    head.fit(vectors, labels, batch_size=150, epochs=10, verbose=0)

    for layer in backbone.layers:
        number = next((int(part) for part in layer.name.split("_") if part.isdigit()), 0)
        layer.trainable = number > fixed
    steps = epochs * (len(images) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - min(WARMUP, steps // 5)), warmup_target=RATE,
        warmup_steps=min(WARMUP, steps // 5),
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY, epsilon=1e-8)
    optimizer.exclude_from_weight_decay(
        var_names=["bias", "gamma", "beta", "depthwise_kernel"]
    )
    model.compile(
        optimizer, keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING)
    )
    data = (
        tf.data.Dataset.from_tensor_slices((images, labels))
        .shuffle(len(images), seed=seed)
        .map(
            lambda image, label: (
                normalized(distort(image, size)),
                tf.one_hot(label, classes),
            ),
            num_parallel_calls=tf.data.AUTOTUNE,
        )
        .batch(BATCH, drop_remainder=True)
        .prefetch(4)
    )
    model.fit(data.take(5), epochs=1, verbose=0)
    started = time.perf_counter()
    model.fit(data, epochs=epochs, verbose=0)
    seconds = time.perf_counter() - started
    result = {"images_per_second": epochs * len(images) / seconds, "seconds": seconds}
    for name, (inputs, actual, _) in sets.items():
        logits = model.predict(normalized(inputs).numpy(), batch_size=BATCH, verbose=0)
        result[name + "_accuracy"] = float(np.mean(np.argmax(logits, 1) == actual))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
