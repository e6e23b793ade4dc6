/**
 * The networks known by name: where their archives are, which tensors hold the features, and the
 * directory that keeps downloaded ones.
 */
package dev.retrain.backbone.registry;
