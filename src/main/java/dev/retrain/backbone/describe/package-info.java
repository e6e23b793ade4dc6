/**
 * What is in a network: inputs, outputs, layers, parameters and multiply-adds of a frozen graph,
 * and signatures of a SavedModel. Nothing is run.
 */
package dev.retrain.backbone.describe;
