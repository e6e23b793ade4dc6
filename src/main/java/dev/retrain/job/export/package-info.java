/** Exports a model for other programs. */
package dev.retrain.job.export;
