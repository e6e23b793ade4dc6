"""retrain.py's preprocessing: decode, resize, normalize.

usage: preprocess.py HEIGHT WIDTH MEAN STD IMAGE...
prints a JSON list of values, flat, for each image
"""

import json
import sys

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()


def main():
    height, width = map(int, sys.argv[1:3])
    mean, std = map(float, sys.argv[3:5])
    data = tf.placeholder(tf.string)
    decoded = tf.cast(tf.image.decode_jpeg(data, channels=3), tf.float32)
    resized = tf.image.resize_bilinear(tf.expand_dims(decoded, 0), tf.stack([height, width]))
    result = tf.multiply(tf.subtract(resized, mean), 1.0 / std)
    with tf.Session() as session:
        rows = []
        for image in sys.argv[5:]:
            with open(image, "rb") as f:
                rows.append([float(v) for v in session.run(result, {data: f.read()}).reshape(-1)])
    print(json.dumps(rows))


main()
