/** Trains a head on feature vectors; knows neither images nor backbones. */
package dev.retrain.training.head;
