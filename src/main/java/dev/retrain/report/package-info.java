/**
 * Plots, tables and the HTML report: {@link dev.retrain.report.TrainingPlots} for a training,
 * {@link dev.retrain.report.EvaluationTables} for an evaluation, {@link
 * dev.retrain.report.HtmlReport} for both.
 *
 * <p>{@link dev.retrain.report.ReportJob} collects a {@link dev.retrain.report.data.ReportData},
 * {@link dev.retrain.report.view.ReportView} formats it, and the Pebble template {@code
 * report.html} places the formatted values on the page. Only {@link
 * dev.retrain.report.RecordedOptions} knows names of command-line options.
 */
package dev.retrain.report;
