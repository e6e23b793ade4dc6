/**
 * What people and spreadsheets look at: {@link dev.retrain.report.TrainingPlots} of a training,
 * {@link dev.retrain.report.ConfusionPlot} and {@link dev.retrain.report.EvaluationTables} of an
 * evaluation.
 */
package dev.retrain.report;
