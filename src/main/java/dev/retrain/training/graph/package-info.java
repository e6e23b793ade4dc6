/** TensorFlow building blocks: each adds operations of a training or of a head to a graph. */
package dev.retrain.training.graph;
