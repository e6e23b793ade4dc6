package dev.retrain.report.data;

/**
 * The content of a report. Its texts are unescaped; the page escapes them.
 *
 * @param overview headline, summary and notices
 * @param training how the model was trained, as far as that is known
 * @param evaluation the predictions and their metrics
 * @param provenance files, versions, options and commands
 */
public record ReportData(
    Overview overview,
    TrainingSection training,
    EvaluationSection evaluation,
    Provenance provenance) {}
