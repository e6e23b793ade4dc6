/**
 * The new layers: {@link dev.retrain.training.head.HeadTrainer} fits a {@link
 * dev.retrain.training.Head} to vectors, as {@link dev.retrain.training.TrainingOptions} say, and
 * tells a {@link dev.retrain.training.TrainingListener} how it goes.
 *
 * <p>Knows vectors and labels; never images or networks.
 */
package dev.retrain.training;
