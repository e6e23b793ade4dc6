package dev.retrain.report;

import dev.retrain.job.evaluate.EvaluateResult;
import java.nio.file.Path;

/**
 * What a report came to.
 *
 * @param file the page
 * @param bytes its size
 * @param images how many images it shows
 * @param evaluation the figures in it
 */
public record ReportResult(Path file, long bytes, int images, EvaluateResult evaluation) {}
