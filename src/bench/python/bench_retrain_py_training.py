"""Trains as retrain.py does; prints the time without startup.

Every iteration reads and parses the text files of 150 random vectors, then runs a session with all
summaries; every tenth evaluates this batch and 150 random validation vectors.

usage: bench_retrain_py_training.py TEXT_DIR LOG_DIR LENGTH ITERATIONS
prints {"iterations": ..., "seconds": ...}; TEXT_DIR is created if it does not exist
"""

import json
import os
import random
import sys
import time

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_eager_execution()

CLASSES, PER_CLASS, BATCH = 10, 100, 150


def write_texts(directory, length):
    numbers = np.random.default_rng(1)
    for label in range(CLASSES):
        os.makedirs(os.path.join(directory, str(label)))
        for index in range(PER_CLASS):
            values = numbers.normal(size=length).astype(np.float32)
            with open(path(directory, label, index), "w") as f:
                f.write(",".join(str(x) for x in values))


def path(directory, label, index):
    return os.path.join(directory, str(label), f"{index}.jpg.txt")


def random_vectors(directory):
    vectors, truths = [], []
    for _ in range(BATCH):
        label = random.randrange(CLASSES)
        file = path(directory, label, random.randrange(PER_CLASS))
        if not os.path.exists(file):
            raise FileNotFoundError(file)
        with open(file) as f:
            vectors.append([float(x) for x in f.read().split(",")])
        truth = np.zeros(CLASSES, dtype=np.float32)
        truth[label] = 1.0
        truths.append(truth)
    return vectors, truths


def variable_summaries(variable):
    mean = tf.reduce_mean(variable)
    tf.summary.scalar("mean", mean)
    tf.summary.scalar("stddev", tf.sqrt(tf.reduce_mean(tf.square(variable - mean))))
    tf.summary.scalar("max", tf.reduce_max(variable))
    tf.summary.scalar("min", tf.reduce_min(variable))
    tf.summary.histogram("histogram", variable)


def layer(length):
    vectors = tf.placeholder(tf.float32, [None, length])
    truths = tf.placeholder(tf.float32, [None, CLASSES])
    with tf.name_scope("weights"):
        weights = tf.Variable(tf.truncated_normal([length, CLASSES], stddev=0.001))
        variable_summaries(weights)
    with tf.name_scope("biases"):
        biases = tf.Variable(tf.zeros([CLASSES]))
        variable_summaries(biases)
    logits = tf.matmul(vectors, weights) + biases
    tf.summary.histogram("pre_activations", logits)
    result = tf.nn.softmax(logits)
    tf.summary.histogram("activations", result)
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=truths, logits=logits))
    tf.summary.scalar("cross_entropy", loss)
    step = tf.Variable(0, trainable=False)
    rate = tf.train.exponential_decay(0.01, step, 65, 0.95, staircase=True)
    train = tf.train.AdamOptimizer(rate).minimize(loss, global_step=step)
    correct = tf.equal(tf.argmax(result, 1), tf.argmax(truths, 1))
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    tf.summary.scalar("accuracy", accuracy)
    return vectors, truths, train, loss, accuracy


def main():
    texts, logs = sys.argv[1:3]
    length, iterations = map(int, sys.argv[3:5])
    if not os.path.isdir(texts):
        write_texts(texts, length)
    random.seed(1)
    with tf.Graph().as_default() as graph:
        vectors, truths, train, loss, accuracy = layer(length)
        merged = tf.summary.merge_all()
        with tf.Session() as session:
            train_writer = tf.summary.FileWriter(os.path.join(logs, "train"), graph)
            validation_writer = tf.summary.FileWriter(os.path.join(logs, "validation"))
            session.run(tf.global_variables_initializer())

            def fed():
                return dict(zip((vectors, truths), random_vectors(texts)))

            def iterate(i):
                batch = fed()
                summary, _ = session.run([merged, train], batch)
                train_writer.add_summary(summary, i)
                if i % 10 == 0:
                    session.run([accuracy, loss], batch)
                    summary, _ = session.run([merged, accuracy], fed())
                    validation_writer.add_summary(summary, i)

            iterate(0)
            start = time.perf_counter()
            for i in range(1, iterations + 1):
                iterate(i)
            seconds = time.perf_counter() - start
            train_writer.close()
            validation_writer.close()
    print(json.dumps({"iterations": iterations, "seconds": seconds}))


main()
