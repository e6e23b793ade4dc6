/**
 * What people and spreadsheets look at: {@link dev.retrain.report.TrainingPlots} of a training,
 * {@link dev.retrain.evaluation.ConfusionPlot} and {@link dev.retrain.report.EvaluationTables} of
 * an evaluation, {@link dev.retrain.report.HtmlReport} of both.
 */
package dev.retrain.report;
