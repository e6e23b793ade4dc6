/** The TensorFlow graph that trains a network and its head. */
package dev.retrain.finetune.graph;
