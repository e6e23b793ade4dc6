/**
 * Which examples form the next training batch: classes drawn evenly with replacement, or epochs.
 */
package dev.retrain.training.sampling;
