/** Classifies images with a model on disk. */
package dev.retrain.job.predict;
