"""Prepares images for a network as retrain does, in NumPy and Python's TensorFlow.

usage: preparation.py CASE... -- IMAGE...
prints a JSON object: for each case, HEIGHT/WIDTH/MEAN/STD/CHANNELS/RESIZE, the values of each image,
flat; MEAN and STD are a number or R,G,B
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf


def bilinear(image, height, width):
    """As retrain.py's label_image.py."""
    batch = tf.cast(image[None], tf.float32)
    return tf.compat.v1.image.resize_bilinear(batch, [height, width])[0].numpy()


def resized(image, height, width, mode):
    rows, columns = image.shape[:2]
    if mode == "stretch":
        return bilinear(image, height, width)
    if mode == "crop":
        # As Keras's crop_to_aspect_ratio.
        cropped = [min(rows, columns * height // width), min(columns, rows * width // height)]
        top, left = [(a - max(1, b)) // 2 for a, b in zip((rows, columns), cropped)]
        return bilinear(
            image[top : top + max(1, cropped[0]), left : left + max(1, cropped[1])], height, width
        )
    # As tf.image.resize_with_pad, without half-pixel centers.
    fitted = bilinear(
        image,
        max(1, min(height, rows * width // columns)),
        max(1, min(width, columns * height // rows)),
    )
    missing = [height - fitted.shape[0], width - fitted.shape[1]]
    return np.pad(fitted, [(m // 2, m - m // 2) for m in missing] + [(0, 0)])


def prepared(content, height, width, mean, std, channels, mode):
    image = tf.image.decode_image(content, channels=3, expand_animations=False).numpy()
    values = resized(image, int(height), int(width), mode)
    numbers = [np.array(text.split(","), np.float32) for text in (mean, std)]
    scaled = (values - numbers[0]) / numbers[1]
    return scaled[..., ::-1] if channels == "bgr" else scaled


def main():
    split = sys.argv.index("--")
    contents = [open(name, "rb").read() for name in sys.argv[split + 1 :]]
    cases = sys.argv[1:split]
    print(
        json.dumps(
            {c: [prepared(i, *c.split("/")).ravel().tolist() for i in contents] for c in cases}
        )
    )


if __name__ == "__main__":
    main()
