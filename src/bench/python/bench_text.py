"""Reads bottleneck files as retrain.py does; prints the time.

usage: bench_text.py DIR
prints {"vectors": ..., "seconds": ...}
"""

import json
import os
import sys
import time


def main():
    files = [os.path.join(folder, name) for folder, _, names in os.walk(sys.argv[1]) for name in names]
    vectors = []
    start = time.perf_counter()
    for file in files:
        with open(file) as f:
            vectors.append([float(x) for x in f.read().split(",")])
    seconds = time.perf_counter() - start
    print(json.dumps({"vectors": len(vectors), "seconds": seconds}))


main()
