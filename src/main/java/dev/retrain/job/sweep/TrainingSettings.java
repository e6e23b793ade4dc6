package dev.retrain.job.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.training.weight.ClassWeights;
import java.util.List;

/**
 * {@link TrainingOptions} as they are stored in a run's record: with the same vectors, equal
 * settings give the same training. An option that doesn't apply is null, and absent in JSON.
 *
 * @param sampling how batches are drawn
 * @param optimizer the optimizer
 * @param learningRate the learning-rate schedule
 * @param hiddenUnits units of each hidden layer
 * @param evaluation when and on what the training is evaluated
 * @param regularization the regularization
 * @param classWeights {@code balanced}, or the weight of each class; absent if there are none
 * @param seed the seed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrainingSettings(
    SamplingSettings sampling,
    OptimizerSettings optimizer,
    RateSettings learningRate,
    List<Integer> hiddenUnits,
    EvaluationSettings evaluation,
    RegularizationSettings regularization,
    Object classWeights,
    long seed) {
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SamplingSettings(String kind, int batchSize, Integer iterations, Integer epochs) {
    static SamplingSettings from(Sampling sampling) {
      if (sampling instanceof Sampling.Epochs epochs) {
        return new SamplingSettings("epochs", epochs.batchSize(), null, epochs.epochs());
      }
      Sampling.Balanced balanced = (Sampling.Balanced) sampling;
      return new SamplingSettings("balanced", balanced.batchSize(), balanced.iterations(), null);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OptimizerSettings(String kind, Double momentum) {
    static OptimizerSettings from(Optimizer optimizer) {
      return optimizer instanceof Optimizer.Sgd sgd
          ? new OptimizerSettings("sgd", sgd.momentum())
          : new OptimizerSettings("adam", null);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RateSettings(String schedule, double initial, Integer decaySteps, Double decayRate) {
    static RateSettings from(LearningRate rate) {
      if (rate instanceof LearningRate.Staircase staircase) {
        return new RateSettings(
            "staircase", staircase.initial(), staircase.decaySteps(), staircase.decayRate());
      }
      String schedule = rate instanceof LearningRate.Cosine ? "cosine" : "constant";
      return new RateSettings(schedule, rate.initial(), null, null);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EvaluationSettings(
      int validationBatchSize, Integer interval, int histogramInterval, Integer earlyStopping) {
    static EvaluationSettings from(TrainingOptions options) {
      return new EvaluationSettings(
          options.validationBatchSize(),
          options.evalStepInterval().isPresent() ? options.evalStepInterval().getAsInt() : null,
          options.histogramInterval(),
          options.earlyStop().isPresent() ? options.earlyStop().getAsInt() : null);
    }
  }

  record RegularizationSettings(
      boolean standardize,
      double l2,
      double averageDecay,
      double weightDecay,
      double labelSmoothing,
      double dropout) {
    static RegularizationSettings from(TrainingOptions options) {
      return new RegularizationSettings(
          options.regularization().standardize(),
          options.regularization().l2(),
          options.regularization().averageDecay(),
          options.regularization().weightDecay(),
          options.regularization().labelSmoothing(),
          options.regularization().dropout());
    }
  }

  private static Object classWeights(ClassWeights weights) {
    if (weights instanceof ClassWeights.PerClass perClass) {
      return perClass.weights();
    }
    return weights instanceof ClassWeights.Balanced ? "balanced" : null;
  }

  static TrainingSettings from(TrainingOptions options) {
    return new TrainingSettings(
        SamplingSettings.from(options.sampling()),
        OptimizerSettings.from(options.optimizer()),
        RateSettings.from(options.optimizer().learningRate()),
        options.hiddenUnits(),
        EvaluationSettings.from(options),
        RegularizationSettings.from(options),
        classWeights(options.classWeights()),
        options.seed());
  }
}
