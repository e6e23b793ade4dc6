/** Evaluates a trained model on images or vectors that it was not trained on. */
package dev.retrain.job.evaluate;
