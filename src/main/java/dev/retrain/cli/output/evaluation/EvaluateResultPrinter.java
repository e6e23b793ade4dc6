package dev.retrain.cli.output.evaluation;

import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.job.evaluate.EvaluateResult;

/** Chooses the printer of an evaluation. */
public final class EvaluateResultPrinter {
  private EvaluateResultPrinter() {}

  /**
   * The printer of a result.
   *
   * @param mistakes how many of the worst mistakes to print
   */
  public static ResultPrinter create(EvaluateResult report, int mistakes) {
    return report.assessment() instanceof Assessment.MultiLabel multi
        ? new MultiLabelPrinter(report, multi, mistakes)
        : new SingleLabelPrinter(report, mistakes);
  }
}
