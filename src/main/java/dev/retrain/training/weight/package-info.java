/**
 * Weights of training images in the loss: of whole classes ({@link
 * dev.retrain.training.weight.ClassWeights}) and of single images ({@link
 * dev.retrain.bottleneck.Vectors#weight}).
 */
package dev.retrain.training.weight;
