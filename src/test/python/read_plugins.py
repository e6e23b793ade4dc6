"""Asks the real TensorBoard's server for its hyperparameters, projector and images.

usage: read_plugins.py LOGDIR SESSIONS RUN
prints JSON: the experiment and its session groups, once there are SESSIONS of them; the projector's
configuration, metadata and the sums over its first and last vectors of RUN, and the size of its
sprite; the images of all runs
"""

import io
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

import numpy as np
from PIL import Image
from tensorboard import program


def ask(url, path, body=None, **query):
    address = f"{url}data/plugin/{path}?{urllib.parse.urlencode(query)}"
    data = None if body is None else json.dumps(body).encode()
    headers = {} if body is None else {"Content-Type": "application/json"}
    request = urllib.request.Request(address, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def sessions(url, count):
    experiment = json.loads(ask(url, "hparams/experiment", {"experimentName": ""}))
    columns = [{"hparam": info["name"]} for info in experiment.get("hparamInfos", [])]
    columns += [{"metric": info["name"]} for info in experiment.get("metricInfos", [])]
    groups = json.loads(
        ask(url, "hparams/session_groups", {
            "experimentName": "",
            "allowedStatuses": ["STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
            "colParams": columns,
            "startIndex": 0,
            "sliceSize": count + 10,
        })
    )
    return experiment, groups.get("sessionGroups", [])


def hparams(url, count):
    # The logs are loaded in the background: ask until everything is loaded.
    while True:
        try:
            experiment, groups = sessions(url, count)
            whole = all("endTimeSecs" in s for g in groups for s in g["sessions"])
            if len(groups) >= count and whole:
                return experiment, groups
        except urllib.error.HTTPError as e:
            if e.code not in (400, 404):
                raise


def projector(url, run):
    if run not in json.loads(ask(url, "projector/runs")):
        return None
    config = json.loads(ask(url, "projector/info", run=run))
    embedding = config["embeddings"][0]
    name = embedding["tensorName"]
    tensor = np.frombuffer(ask(url, "projector/tensor", run=run, name=name), "<f4")
    tensor = tensor.reshape(embedding["tensorShape"])
    metadata = ask(url, "projector/metadata", run=run, name=name).decode()
    shown = {
        "config": config,
        "first": float(tensor[0].astype(float).sum()),
        "last": float(tensor[-1].astype(float).sum()),
        "metadata": [line.split("\t") for line in metadata.rstrip("\n").split("\n")],
    }
    if "sprite" in embedding:
        sprite = Image.open(io.BytesIO(ask(url, "projector/sprite_image", run=run, name=name)))
        shown["sprite"] = {"size": sprite.size, "mode": sprite.mode}
    return shown


def images(url):
    shown = {}
    for run, tags in json.loads(ask(url, "images/tags")).items():
        for tag in tags:
            for image in json.loads(ask(url, "images/images", run=run, tag=tag, sample=0)):
                content = ask(url, "images/individualImage?" + image["query"] + "#")
                size = Image.open(io.BytesIO(content)).size
                shown.setdefault(run, {})[tag] = {"step": image["step"], "size": size}
    return shown


def main():
    logdir, count, run = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    board = program.TensorBoard()
    board.configure(argv=[
        "tensorboard", "--logdir", logdir, "--port", "0", "--load_fast", "false",
        "--reload_interval", "1",
    ])
    url = board.launch()
    experiment, groups = hparams(url, count)
    print(json.dumps({
        "experiment": experiment,
        "groups": groups,
        "projector": projector(url, run),
        "images": images(url),
    }))
    # The server's threads do not end by themselves.
    sys.stdout.flush()
    os._exit(0)


main()
