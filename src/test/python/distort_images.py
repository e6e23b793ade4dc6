"""Distorts an image with Pillow, NumPy and SciPy.

usage: distort_images.py PNG CASE...
a case is operations separated by ';', each a name and its numbers: "rotate 20;flip"
prints a JSON list of the values of each case, [height, width, 3], flat
"""

import json
import math
import sys

import numpy as np
from PIL import Image, ImageEnhance, ImageOps
from scipy import ndimage

ENHANCE = {
    "brighten": ImageEnhance.Brightness,
    "contrast": ImageEnhance.Contrast,
    "saturate": ImageEnhance.Color,
}


def matrix(name, numbers):
    """From output to input coordinates (x, y) about the center."""
    if name == "flip":
        return np.diag([-1.0, 1.0])
    if name == "scale":
        return np.diag(numbers)
    if name == "rotate":
        a = math.radians(numbers[0])
        return np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
    if name == "shear":
        return np.array([[1.0, numbers[0]], [numbers[1], 1.0]])
    raise ValueError(name)


def moved(pixels, operations):
    height, width, _ = pixels.shape
    linear, offset = np.eye(2), np.zeros(2)
    for name, numbers in operations:
        if name == "shift":
            offset = offset + linear @ (np.array(numbers) * [width, height])
        elif name == "crop":
            columns, rows, right, down = numbers
            room = np.array([(1 - columns) * (width - 1) * right, (1 - rows) * (height - 1) * down])
            offset = offset + linear @ room
            linear = linear @ np.diag([columns, rows])
        else:
            linear = linear @ matrix(name, numbers)
    center = np.array([(width - 1) / 2, (height - 1) / 2])
    offset = center + offset - linear @ center
    swap = np.array([[0, 1], [1, 0]])
    channels = [
        ndimage.affine_transform(
            pixels[:, :, c], swap @ linear @ swap, swap @ offset, order=1, mode="reflect"
        )
        for c in range(3)
    ]
    return np.stack(channels, axis=-1)


def erased(pixels, top, left, rows, columns):
    height, width, _ = pixels.shape
    result = pixels.copy()
    result[
        round(top * height) : round((top + rows) * height),
        round(left * width) : round((left + columns) * width),
    ] = 127.5
    return result


def distorted(image, case):
    operations = []
    for operation in case.split(";"):
        name, *numbers = operation.split()
        operations.append((name, [float(n) for n in numbers]))
    name, numbers = operations[0]
    if name in ENHANCE:
        for name, numbers in operations:
            image = ENHANCE[name](image).enhance(numbers[0])
        return np.asarray(image, dtype=np.float64)
    if name == "posterize":
        return np.asarray(ImageOps.posterize(image, int(numbers[0])), dtype=np.float64)
    if name == "solarize":
        return np.asarray(ImageOps.solarize(image, numbers[0]), dtype=np.float64)
    pixels = np.asarray(image, dtype=np.float64)
    if name == "erase":
        return erased(pixels, *numbers)
    return moved(pixels, operations)


def main():
    image = Image.open(sys.argv[1]).convert("RGB")
    print(json.dumps([distorted(image, case).reshape(-1).tolist() for case in sys.argv[2:]]))


main()
