package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.count;
import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.report.data.TrainingCurves;
import dev.retrain.training.Evaluation;
import java.util.List;

/**
 * The training curves.
 *
 * @param summary the number of iterations and the best one
 * @param descriptions what the two plots show, for screen readers
 * @param lastIndex index of the last evaluation
 * @param bestIndex index of the best evaluation
 * @param rows the plots as a table
 */
record CurvesView(
    String summary, Descriptions descriptions, int lastIndex, int bestIndex, List<Row> rows) {
  record Descriptions(String accuracy, String loss) {}

  record Row(
      String iteration,
      String trainingAccuracy,
      String validationAccuracy,
      String trainingLoss,
      String validationLoss) {
    private static Row from(Evaluation evaluation) {
      return new Row(
          count(evaluation.iteration()),
          percent(evaluation.trainingAccuracy()),
          percent(evaluation.validationAccuracy()),
          loss(evaluation.trainingLoss()),
          loss(evaluation.validationLoss()));
    }

    private static String loss(double loss) {
      return format("%.4f", loss);
    }
  }

  static CurvesView from(TrainingCurves curves) {
    Evaluation best = curves.best();
    return new CurvesView(
        format(
            "%s iterations. The model has the weights of iteration %s, which has the best"
                + " validation accuracy: %s.",
            count(curves.last().iteration()),
            count(best.iteration()),
            percent(best.validationAccuracy())),
        descriptions(curves),
        curves.history().size() - 1,
        curves.bestIndex(),
        curves.history().stream().map(Row::from).toList());
  }

  private static Descriptions descriptions(TrainingCurves curves) {
    Evaluation first = curves.first();
    Evaluation last = curves.last();
    Evaluation best = curves.best();
    return new Descriptions(
        format(
            "Accuracy over %s iterations: validation accuracy from %s to %s, best %s at iteration"
                + " %s. The table below has the numbers.",
            count(last.iteration()),
            percent(first.validationAccuracy()),
            percent(last.validationAccuracy()),
            percent(best.validationAccuracy()),
            count(best.iteration())),
        format(
            "Loss over %s iterations: validation loss from %.3f to %.3f. The table below has the"
                + " numbers.",
            count(last.iteration()), first.validationLoss(), last.validationLoss()));
  }
}
