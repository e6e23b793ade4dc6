"""Reads a log directory with the real TensorBoard: its EventAccumulator, and its server.

usage: read_events.py LOGDIR
prints JSON: for each run its scalars (tag -> [[step, value], ...]), histograms (tag -> steps) and
number of graph nodes; and the server's view of the same
"""

import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.util.tensor_util import make_ndarray


def accumulated(directory):
    events = EventAccumulator(directory, size_guidance={"scalars": 0, "histograms": 0, "tensors": 0})
    events.Reload()
    tags = events.Tags()
    scalars = {t: [[e.step, e.value] for e in events.Scalars(t)] for t in tags["scalars"]}
    for tag in tags["tensors"]:
        if tag.startswith("_hparams_/"):
            continue
        values = [(e.step, make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)]
        if values and values[0][1].ndim == 0:
            scalars[tag] = [[step, float(value)] for step, value in values]
    nodes = 0
    if tags["graph"]:
        graph = GraphDef()
        graph.ParseFromString(events.Graph().SerializeToString())
        nodes = len(graph.node)
    return {
        "scalars": scalars,
        "histograms": {t: [e.step for e in events.Histograms(t)] for t in tags["histograms"]},
        "graph_nodes": nodes,
    }


def get(port, path, **query):
    url = f"http://127.0.0.1:{port}/data/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def served(logdir):
    server = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", logdir, "--port", "0",
         "--load_fast", "true", "--reload_interval", "1", "--samples_per_plugin", "scalars=100000"],
        stderr=subprocess.PIPE, text=True,
    )
    try:
        port = None
        for line in server.stderr:
            found = re.search(r"http://[^:]+:(\d+)/", line)
            if found:
                port = int(found.group(1))
                break
        # The data server loads in the background: ask until it has read both runs.
        for _ in range(600):
            tags = json.loads(get(port, "plugin/scalars/tags"))
            histograms = json.loads(get(port, "plugin/histograms/tags"))
            if {"train", "validation"} <= tags.keys() and {"train", "validation"} <= histograms.keys():
                break
        return {
            "scalars": {run: sorted(tags[run]) for run in tags},
            "histograms": {run: sorted(histograms[run]) for run in histograms},
            "accuracy": json.loads(
                get(port, "plugin/scalars/scalars", run="validation", tag="accuracy")
            ),
            "graph_nodes": get(port, "plugin/graphs/graph", run="train").count("node {"),
        }
    finally:
        server.terminate()
        server.wait()


def main():
    logdir = sys.argv[1]
    print(
        json.dumps(
            {
                "train": accumulated(logdir + "/train"),
                "validation": accumulated(logdir + "/validation"),
                "server": served(logdir),
            }
        )
    )


main()
