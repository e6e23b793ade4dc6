/** Classifies image files with a trained model. */
package dev.retrain.job.predict;
