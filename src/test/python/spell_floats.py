"""Formats float32 numbers as retrain.py did with NumPy 1.

usage: spell_floats.py FILE
FILE contains little-endian float32; prints a JSON list of strings
"""

import json
import sys

import numpy as np


def spelled(value):
    # NumPy 2 uses an exponent from a million on, NumPy 1 from 1e16 on.
    if 1e6 <= abs(float(value)) < 1e16:
        return np.format_float_positional(value, unique=True, trim="0")
    return str(value)


def main():
    print(json.dumps([spelled(value) for value in np.fromfile(sys.argv[1], "<f4")]))


main()
