/** Describes networks and trained models. */
package dev.retrain.job.describe;
