/**
 * The values of a report as the template and the script need them: formatted text, lengths and CSS
 * classes. {@link dev.retrain.report.view.ReportView} has a record for each section of the page;
 * null stands for a part that a report does not have.
 */
package dev.retrain.report.view;
