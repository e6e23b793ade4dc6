/** Pictures of a training: {@link dev.retrain.report.TrainingPlots}. */
package dev.retrain.report;
