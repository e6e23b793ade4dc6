/**
 * TensorFlow building blocks of a training graph: variables, dense layers, dropout, optimizer and
 * metric operations.
 */
package dev.retrain.training.graph;
