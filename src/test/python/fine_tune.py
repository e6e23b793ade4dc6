"""Learning rates and updates of Keras, and SGD with Nesterov momentum as PyTorch defines it.

usage: fine_tune.py cosine WARMUP STEPS
       fine_tune.py updates JSON
The JSON is a list of tasks, each with: optimizer, adamw or sgd; values; gradients, a list for each
update; rates, one for each update; decay
prints a list: the rates, as fractions of the largest; or for each task, the values after each
update
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np


def cosine(warmup, steps):
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warmup, warmup_target=1.0, warmup_steps=warmup
    )
    return [float(schedule(step)) for step in range(steps)]


def adamw(task):
    variable = keras.Variable(np.array(task["values"], np.float32))
    optimizer = keras.optimizers.AdamW(
        learning_rate=task["rates"][0], weight_decay=task["decay"], epsilon=1e-8
    )
    optimizer.build([variable])
    values = []
    for rate, gradient in zip(task["rates"], task["gradients"]):
        optimizer.learning_rate = rate
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float32")])
        values.append(variable.numpy().tolist())
    return values


def sgd(task):
    """torch.optim.SGD(momentum=0.9, nesterov=True), the decay decoupled as in SGDW."""
    values = np.array(task["values"])
    velocity = np.zeros_like(values)
    result = []
    for rate, gradient in zip(task["rates"], np.array(task["gradients"])):
        velocity = 0.9 * velocity + gradient
        values = values - rate * (gradient + 0.9 * velocity) - rate * task["decay"] * values
        result.append(values.tolist())
    return result


def main():
    if sys.argv[1] == "cosine":
        result = cosine(int(sys.argv[2]), int(sys.argv[3]))
    else:
        optimizers = {"adamw": adamw, "sgd": sgd}
        result = [optimizers[task["optimizer"]](task) for task in json.loads(sys.argv[2])]
    print(json.dumps(result))


main()
