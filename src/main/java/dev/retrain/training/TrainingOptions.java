package dev.retrain.training;

import dev.retrain.training.sampling.Sampling;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a head is trained.
 *
 * @param sampling how the batches are drawn, and how many there are; default 2000 class-balanced
 *     batches of 150 images
 * @param optimizer the optimizer with its learning-rate schedule; default Adam with a learning rate
 *     of 0.01 that is multiplied by 0.95 every 65 iterations
 * @param hiddenUnits number of units of each hidden layer between the vectors and the final layer,
 *     each at least 1; default no hidden layer
 * @param validationBatchSize number of validation images, drawn at random, in each evaluation, at
 *     least 1; default {@link #ALL}
 * @param evalStepInterval iterations from one evaluation to the next, at least 1; if absent, the
 *     default, it depends on the sampling: 10 iterations, or one epoch
 * @param histogramInterval evaluations from one with histograms to the next, at least 1, or 0 for
 *     no histograms; default 1
 * @param earlyStop number of evaluations without a higher validation accuracy after which the
 *     training stops, at least 1; if absent, the default, it never stops early
 * @param regularization measures against overfitting; default {@link Regularization#DEFAULT}
 * @param classWeights how much the images of each class count in the loss, with {@link
 *     Sampling.Epochs}; default {@link ClassWeights#NONE}
 * @param seed seed of all random numbers; default 1
 */
public record TrainingOptions(
    Sampling sampling,
    Optimizer optimizer,
    List<Integer> hiddenUnits,
    int validationBatchSize,
    OptionalInt evalStepInterval,
    int histogramInterval,
    OptionalInt earlyStop,
    Regularization regularization,
    ClassWeights classWeights,
    long seed) {
  /** The value of {@code validationBatchSize} that selects all validation images. */
  public static final int ALL = -1;

  /** The defaults listed above. */
  public static final TrainingOptions DEFAULT = builder().build();

  /**
   * @throws InvalidSettingException if a value is out of range, if there is dropout without a
   *     hidden layer, or if there are class weights and the batches are balanced already
   */
  public TrainingOptions {
    hiddenUnits = List.copyOf(hiddenUnits);
    hiddenUnits.forEach(units -> Ranges.checkAtLeastOne(Setting.HIDDEN_UNITS, units));
    if (validationBatchSize < 1 && validationBatchSize != ALL) {
      throw new InvalidSettingException(
          Setting.VALIDATION_BATCH_SIZE,
          "must be at least 1, or %d for all images, but is %d",
          ALL,
          validationBatchSize);
    }
    evalStepInterval.ifPresent(value -> Ranges.checkAtLeastOne(Setting.EVALUATION_INTERVAL, value));
    if (histogramInterval < 0) {
      throw new InvalidSettingException(
          Setting.HISTOGRAM_INTERVAL, "must be at least 0, but is %d", histogramInterval);
    }
    earlyStop.ifPresent(value -> Ranges.checkAtLeastOne(Setting.EARLY_STOPPING, value));
    if (hiddenUnits.isEmpty() && regularization.dropout() > 0) {
      throw new InvalidSettingException(
          Setting.DROPOUT, "applies to hidden layers, but there is no hidden layer");
    }
    if (sampling instanceof Sampling.Balanced && !classWeights.equals(ClassWeights.NONE)) {
      throw new InvalidSettingException(
          Setting.CLASS_WEIGHTS,
          "can only be used with a number of epochs; with a number of iterations, batches already"
              + " draw all classes equally often");
    }
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.sampling = sampling;
    builder.optimizer = optimizer;
    builder.hiddenUnits = hiddenUnits;
    builder.validationBatchSize = validationBatchSize;
    builder.evalStepInterval = evalStepInterval;
    builder.histogramInterval = histogramInterval;
    builder.earlyStop = earlyStop;
    builder.regularization = regularization;
    builder.classWeights = classWeights;
    builder.seed = seed;
    return builder;
  }

  /** Sets the values of {@link TrainingOptions}; its components are documented there. */
  public static final class Builder {
    private Sampling sampling = new Sampling.Balanced(2000, 150);
    private Optimizer optimizer = new Optimizer.Adam(new LearningRate.Staircase(0.01, 65, 0.95));
    private List<Integer> hiddenUnits = List.of();
    private int validationBatchSize = ALL;
    private OptionalInt evalStepInterval = OptionalInt.empty();
    private int histogramInterval = 1;
    private OptionalInt earlyStop = OptionalInt.empty();
    private Regularization regularization = Regularization.DEFAULT;
    private ClassWeights classWeights = ClassWeights.NONE;
    private long seed = 1;

    private Builder() {}

    public Builder sampling(Sampling value) {
      sampling = value;
      return this;
    }

    public Builder optimizer(Optimizer value) {
      optimizer = value;
      return this;
    }

    public Builder hiddenUnits(List<Integer> value) {
      hiddenUnits = value;
      return this;
    }

    public Builder validationBatchSize(int value) {
      validationBatchSize = value;
      return this;
    }

    public Builder evalStepInterval(int value) {
      evalStepInterval = OptionalInt.of(value);
      return this;
    }

    public Builder histogramInterval(int value) {
      histogramInterval = value;
      return this;
    }

    public Builder earlyStop(int value) {
      earlyStop = OptionalInt.of(value);
      return this;
    }

    public Builder regularization(Regularization value) {
      regularization = value;
      return this;
    }

    public Builder classWeights(ClassWeights value) {
      classWeights = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * @throws InvalidSettingException if a value is out of range, or if there is dropout without a
     *     hidden layer
     */
    public TrainingOptions build() {
      return new TrainingOptions(
          sampling,
          optimizer,
          hiddenUnits,
          validationBatchSize,
          evalStepInterval,
          histogramInterval,
          earlyStop,
          regularization,
          classWeights,
          seed);
    }
  }
}
