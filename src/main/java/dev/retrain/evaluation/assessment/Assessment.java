package dev.retrain.evaluation.assessment;

import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.training.Objective;
import java.util.List;

/** The predictions of a model for labeled images, and their metrics. */
public sealed interface Assessment {
  /** What the model predicts. */
  Objective objective();

  /** The classes. */
  List<String> labels();

  /** Number of images, at least 1. */
  int count();

  /** Accuracy or mean average precision, 0 to 1. */
  double score();

  /** Mean loss of the objective, in nats. */
  double loss();

  /**
   * Exactly one class per image.
   *
   * @param predictions the predictions
   * @param metrics their metrics
   */
  record SingleLabel(Predictions predictions, Metrics metrics) implements Assessment {
    /** Computes the metrics. */
    public SingleLabel(Predictions predictions) {
      this(predictions, Metrics.compute(predictions));
    }

    @Override
    public Objective objective() {
      return Objective.SINGLE_LABEL;
    }

    @Override
    public List<String> labels() {
      return predictions.labels();
    }

    @Override
    public int count() {
      return metrics.count();
    }

    @Override
    public double score() {
      return metrics.accuracy();
    }

    @Override
    public double loss() {
      return metrics.loss();
    }
  }

  /**
   * Any number of classes per image.
   *
   * @param predictions the predictions
   * @param metrics their metrics
   */
  record MultiLabel(MultiLabelPredictions predictions, MultiLabelMetrics metrics)
      implements Assessment {
    /** Computes the metrics. */
    public MultiLabel(MultiLabelPredictions predictions) {
      this(predictions, MultiLabelMetrics.compute(predictions));
    }

    @Override
    public Objective objective() {
      return Objective.MULTI_LABEL;
    }

    @Override
    public List<String> labels() {
      return predictions.labels();
    }

    @Override
    public int count() {
      return metrics.count();
    }

    @Override
    public double score() {
      return metrics.meanAveragePrecision();
    }

    @Override
    public double loss() {
      return metrics.loss();
    }
  }

  /**
   * This assessment of a model that predicts exactly one class.
   *
   * @throws IllegalStateException if the model predicts any number of classes
   */
  default SingleLabel singleLabel() {
    if (this instanceof SingleLabel single) {
      return single;
    }
    throw new IllegalStateException("the model predicts any number of classes");
  }
}
