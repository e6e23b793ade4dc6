/**
 * The content of a report as plain values, before any formatting: {@link
 * dev.retrain.report.data.ReportData} and its sections. Texts are unescaped.
 */
package dev.retrain.report.data;
