package dev.retrain.training.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.testing.FixedVectors;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.Regularization;
import dev.retrain.training.StepDecay;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.ReferenceNetwork.Rule;
import dev.retrain.training.head.ReferenceNetwork.Told;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTrainerTest {
  private static final int CLASSES = 3;
  private static final int INPUTS = 6;
  private static final int BATCH = 20;
  private static final StepDecay RATE = new StepDecay(0.02, 5, 0.7);
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  private static final FixedVectors TRAINING = FixedVectors.clustered(1, 120, INPUTS, CLASSES, 1.5);
  private static final FixedVectors VALIDATION =
      FixedVectors.clustered(2, 61, INPUTS, CLASSES, 1.5);

  /** Options that differ from the plain ones in what is said. */
  private static final class Setup {
    private final OptionalInt interval;
    private Sampling course;
    private LearningRate rate = RATE;
    private double momentum = Double.NaN;
    private List<Integer> hidden = List.of();
    private int validationBatch = TrainingOptions.ALL;
    private OptionalInt earlyStop = OptionalInt.empty();
    private double average;
    private boolean standardize;
    private double l2;
    private double weightDecay;
    private double smoothing;
    private double dropout;
    private long seed = 11;

    Setup(int iterations, int interval) {
      this(new Sampling.Balanced(iterations, BATCH), OptionalInt.of(interval));
    }

    Setup(Sampling course, OptionalInt interval) {
      this.course = course;
      this.interval = interval;
    }

    Setup rate(double value) {
      return rate(new StepDecay(value, 1, 1));
    }

    Setup rate(LearningRate value) {
      rate = value;
      return this;
    }

    Setup momentum(double value) {
      momentum = value;
      return this;
    }

    Setup hidden(Integer... values) {
      hidden = List.of(values);
      return this;
    }

    Setup validationBatch(int value) {
      validationBatch = value;
      return this;
    }

    Setup earlyStop(int value) {
      earlyStop = OptionalInt.of(value);
      return this;
    }

    Setup average(double value) {
      average = value;
      return this;
    }

    Setup standardize(boolean value) {
      standardize = value;
      return this;
    }

    Setup l2(double value) {
      l2 = value;
      return this;
    }

    Setup weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    Setup smoothing(double value) {
      smoothing = value;
      return this;
    }

    Setup dropout(double value) {
      dropout = value;
      return this;
    }

    Setup seed(long value) {
      seed = value;
      return this;
    }

    TrainingOptions options() {
      return new TrainingOptions(
          course,
          Double.isNaN(momentum) ? new Optimizer.Adam(rate) : new Optimizer.Sgd(rate, momentum),
          hidden,
          validationBatch,
          interval,
          1,
          earlyStop,
          new Regularization(standardize, l2, average, weightDecay, smoothing, dropout),
          seed);
    }
  }

  private static TrainingResult train(Setup setup) {
    return train(setup, TRAINING, VALIDATION);
  }

  private static TrainingResult train(Setup setup, Vectors training, Vectors validation) {
    return new HeadTrainer(setup.options(), TrainingListener.NONE, Progress.NONE)
        .train(training, validation, CLASSES);
  }

  /** The weights a training starts from: those after an update too small to change them. */
  private static Head first(Setup setup) {
    return train(new Setup(1, 1).rate(1e-30).hidden(setup.hidden.toArray(Integer[]::new))).head();
  }

  private static DenseWeights firstLayer() {
    return first(new Setup(1, 1)).layers().get(0);
  }

  /** The only layer of a head. */
  private static DenseWeights layer(TrainingResult result) {
    assertThat(result.head().layers()).hasSize(1);
    return result.head().layers().get(0);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static double[][] standardized(double[][] rows, double[] mean, double[] deviation) {
    double[][] result = new double[rows.length][mean.length];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < mean.length; i++) {
        result[row][i] = (rows[row][i] - mean[i]) / deviation[i];
      }
    }
    return result;
  }

  private static double[] mean(double[][] rows) {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  private static double[] deviation(double[][] rows) {
    double[] mean = mean(rows);
    double[] variance = new double[mean.length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        variance[i] += (row[i] - mean[i]) * (row[i] - mean[i]) / rows.length;
      }
    }
    return Arrays.stream(variance).map(Math::sqrt).toArray();
  }

  private static double[] zeros() {
    return new double[INPUTS];
  }

  private static double[] ones() {
    double[] ones = new double[INPUTS];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Stream<Arguments> ways() {
    LearningRate cosine = new LearningRate.Cosine(0.02);
    Sampling epochs = new Sampling.Epochs(3, 50);
    Sampling balanced = new Sampling.Balanced(25, BATCH);
    return Stream.of(
            new Setup(balanced, OptionalInt.of(1)),
            new Setup(balanced, OptionalInt.of(1)).standardize(true),
            new Setup(balanced, OptionalInt.of(1)).average(0.5).l2(30),
            new Setup(balanced, OptionalInt.of(1)).average(0.998).standardize(true).l2(100),
            new Setup(epochs, OptionalInt.of(1)).rate(cosine),
            new Setup(balanced, OptionalInt.of(1)).weightDecay(2).smoothing(0.2),
            new Setup(balanced, OptionalInt.of(1)).momentum(0).rate(new LearningRate.Constant(0.1)),
            new Setup(balanced, OptionalInt.of(1)).momentum(0.9).weightDecay(2).average(0.9),
            new Setup(balanced, OptionalInt.of(1)).hidden(7),
            new Setup(epochs, OptionalInt.of(1)).hidden(7).standardize(true).average(0.9).l2(30),
            new Setup(balanced, OptionalInt.of(1))
                .hidden(5, 4)
                .standardize(true)
                .rate(cosine)
                .weightDecay(3)
                .smoothing(0.1)
                .average(0.8),
            new Setup(epochs, OptionalInt.of(1)).hidden(7).momentum(0.9).smoothing(0.3))
        .map(Arguments::of);
  }

  private static double rate(LearningRate rate, int step, int steps) {
    if (rate instanceof StepDecay stairs) {
      return stairs.initial() * Math.pow(stairs.rate(), Math.floor((double) step / stairs.steps()));
    }
    return rate instanceof LearningRate.Cosine
        ? rate.initial() * Math.pow(Math.cos(Math.PI / 2 * step / steps), 2)
        : rate.initial();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void trainingIsPlainArithmetic(Setup setup) {
    TrainingResult result = train(setup);

    int iterations = result.history().size();
    double[][] rows = ReferenceNetwork.rows(TRAINING);
    double[] mean = setup.standardize ? mean(rows) : zeros();
    double[] deviation = setup.standardize ? deviation(rows) : ones();
    double[][] training = standardized(rows, mean, deviation);
    double[][] validation = standardized(ReferenceNetwork.rows(VALIDATION), mean, deviation);
    Supplier<int[]> draws = setup.course.batches(TRAINING, CLASSES, 11);
    Rule rule =
        new Rule(setup.l2 / TRAINING.count(), setup.weightDecay, setup.smoothing, setup.momentum);
    ReferenceNetwork reference = new ReferenceNetwork(first(setup));
    assertThat(iterations).isEqualTo(setup.course instanceof Sampling.Epochs ? 9 : 25);
    for (int step = 0; step < iterations; step++) {
      int[] batch = draws.get();
      double decay = setup.average;
      Told before =
          reference.update(
              Arrays.stream(batch).mapToObj(i -> training[i]).toArray(double[][]::new),
              Arrays.stream(batch).map(TRAINING::label).toArray(),
              rule,
              rate(setup.rate, step, iterations),
              decay * (1 - Math.pow(decay, step)) / (1 - Math.pow(decay, step + 1.0)));
      Told after = reference.evaluate(validation, ReferenceNetwork.labels(VALIDATION));
      Evaluation evaluation = result.history().get(step);
      assertThat(evaluation.iteration()).isEqualTo(step + 1);
      assertThat(evaluation.trainingLoss()).isCloseTo(before.loss(), CLOSE);
      assertThat(evaluation.trainingAccuracy()).isCloseTo(before.accuracy(), CLOSE);
      assertThat(evaluation.validationLoss()).isCloseTo(after.loss(), CLOSE);
      assertThat(evaluation.validationAccuracy()).isCloseTo(after.accuracy(), CLOSE);
      if (evaluation.equals(result.best())) {
        assertIsReference(result.head(), reference, mean, deviation);
      }
    }
  }

  /** The reference's layers, the standardisation folded into the first. */
  private static void assertIsReference(
      Head head, ReferenceNetwork reference, double[] mean, double[] deviation) {
    for (int i = 0; i < head.layers().size(); i++) {
      DenseWeights layer = head.layers().get(i);
      for (int output = 0; output < layer.outputs(); output++) {
        double bias = reference.bias(i, output);
        for (int input = 0; input < layer.inputs(); input++) {
          double weight = reference.weight(i, input, output);
          if (i == 0) {
            weight /= deviation[input];
            bias -= mean[input] * weight;
          }
          assertThat((double) layer.weights()[input * layer.outputs() + output])
              .isCloseTo(weight, CLOSE);
        }
        assertThat((double) layer.biases()[output]).isCloseTo(bias, CLOSE);
      }
    }
  }

  @Test
  void layersThatNoFileCanHoldAreRefused() {
    // (INPUTS + 1) for each, and as many for each class.
    assertThatThrownBy(() -> first(new Setup(1, 1).hidden(100_000_000)))
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith("The layers have 1,000,000,003 weights and biases")
        .hasMessageContaining("--hidden-units");
  }

  @Test
  void theFirstHiddenWeightsAreDrawnAsWideAsTheirInputsAsk() {
    DenseWeights hidden = first(new Setup(1, 1).hidden(2000)).layers().get(0);

    double squares = 0;
    for (float weight : hidden.weights()) {
      squares += (double) weight * weight / hidden.weights().length;
    }
    // Of 12,000 draws; deviations are known to about 1 / sqrt(2 * 12,000).
    assertThat(Math.sqrt(squares)).isCloseTo(Math.sqrt(2.0 / INPUTS), Offset.offset(0.015));
  }

  @Test
  void anEpochIsEvaluatedOnceWhereNothingElseIsSaid() {
    TrainingResult result = train(new Setup(new Sampling.Epochs(3, 50), OptionalInt.empty()));

    assertThat(result.history()).extracting(Evaluation::iteration).containsExactly(3, 6, 9);
  }

  @Test
  void withoutWordEveryTenthIterationIsEvaluated() {
    TrainingResult result = train(new Setup(new Sampling.Balanced(20, 5), OptionalInt.empty()));

    assertThat(result.history()).extracting(Evaluation::iteration).containsExactly(10, 20);
  }

  @Test
  void dropoutLeavesTheTrainingBatchInTheDarkAndNotTheEvaluation() {
    // The weights stand still: what the figures differ in is what was left out.
    Setup still = new Setup(40, 1).rate(1e-30).hidden(64).seed(3);
    TrainingResult whole = train(still);
    TrainingResult part = train(still.dropout(0.5));

    assertThat(part.history())
        .extracting(Evaluation::validationLoss)
        .containsOnly(whole.best().validationLoss());
    long different =
        IntStream.range(0, 40)
            .filter(
                i -> part.history().get(i).trainingLoss() != whole.history().get(i).trainingLoss())
            .count();
    assertThat(different).isEqualTo(40);
  }

  @Test
  void dropoutIsTheSameForTheSameSeedAlone() {
    Setup setup = new Setup(20, 10).hidden(16, 8).dropout(0.4);

    TrainingResult first = train(setup.seed(1));
    TrainingResult second = train(setup.seed(1));

    assertThat(second.history()).isEqualTo(first.history());
    for (int i = 0; i < 3; i++) {
      assertThat(bits(second.head().layers().get(i).weights()))
          .isEqualTo(bits(first.head().layers().get(i).weights()));
    }
    assertThat(train(setup.seed(2)).history()).isNotEqualTo(first.history());
  }

  @Test
  void theFirstWeightsAreSmallAndTheFirstBiasesZero() {
    DenseWeights layer = firstLayer();

    for (float weight : layer.weights()) {
      assertThat(Math.abs(weight)).isPositive().isLessThanOrEqualTo(0.002f);
    }
    for (float bias : layer.biases()) {
      assertThat(bias).isCloseTo(0, Offset.offset(1e-20f));
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Setup setup = new Setup(60, 10).average(0.998).standardize(true);

    TrainingResult first = train(setup);
    TrainingResult second = train(setup);

    assertThat(bits(layer(second).weights())).isEqualTo(bits(layer(first).weights()));
    assertThat(bits(layer(second).biases())).isEqualTo(bits(layer(first).biases()));
    assertThat(second.history()).isEqualTo(first.history());
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    TrainingResult first = train(new Setup(60, 10).seed(1));
    TrainingResult second = train(new Setup(60, 10).seed(2));

    assertThat(layer(second).weights()).isNotEqualTo(layer(first).weights());
    assertThat(layer(second).biases()).isNotEqualTo(layer(first).biases());
  }

  @Test
  void theSeedChoosesTheFirstWeightsToo() {
    Setup still = new Setup(1, 1).rate(1e-30);

    assertThat(layer(train(still.seed(1))).weights())
        .isNotEqualTo(layer(train(still.seed(2))).weights());
  }

  @Test
  void theSeedZeroIsASeedToo() {
    Setup setup = new Setup(5, 5).seed(0);

    assertThat(bits(layer(train(setup)).weights())).isEqualTo(bits(layer(train(setup)).weights()));
  }

  private static Evaluation bestOf(List<Evaluation> history) {
    return history.stream()
        .min(
            Comparator.comparingDouble((Evaluation e) -> -e.validationAccuracy())
                .thenComparingDouble(Evaluation::validationLoss))
        .orElseThrow();
  }

  private static Told told(Head head, Vectors vectors) {
    return new ReferenceNetwork(head)
        .evaluate(ReferenceNetwork.rows(vectors), ReferenceNetwork.labels(vectors));
  }

  @Test
  void theLayerOfTheBestEvaluationIsKept() {
    // Few images, a high rate: it soon fits the noise.
    FixedVectors few = FixedVectors.clustered(3, 9, INPUTS, CLASSES, 2.5);

    TrainingResult result = train(new Setup(300, 5).rate(0.1), few, VALIDATION);

    assertThat(result.history()).hasSize(60);
    assertThat(result.best())
        .isEqualTo(bestOf(result.history()))
        .isNotEqualTo(result.history().get(59));
    Told told = told(result.head(), VALIDATION);
    assertThat(told.accuracy()).isCloseTo(result.best().validationAccuracy(), CLOSE);
    assertThat(told.loss()).isCloseTo(result.best().validationLoss(), Offset.offset(1e-4));
    assertThat(result.cancelled()).isFalse();
  }

  @Test
  void evaluationsComeAtEveryIntervalAndAtTheEnd() {
    assertThat(train(new Setup(23, 10)).history())
        .extracting(Evaluation::iteration)
        .containsExactly(10, 20, 23);
    assertThat(train(new Setup(20, 10)).history())
        .extracting(Evaluation::iteration)
        .containsExactly(10, 20);
    assertThat(train(new Setup(3, 10)).history())
        .extracting(Evaluation::iteration)
        .containsExactly(3);
  }

  @Test
  void clustersThatLieApartAreToldApart() {
    FixedVectors training = FixedVectors.clustered(5, 90, INPUTS, CLASSES, 0.1);
    FixedVectors validation = FixedVectors.clustered(6, 90, INPUTS, CLASSES, 0.1);

    TrainingResult result =
        train(new Setup(200, 10).average(0.9).standardize(true), training, validation);

    assertThat(told(result.head(), validation).accuracy()).isEqualTo(1);
  }

  @Test
  void trainingStopsEarlyOnceNothingGetsBetter() {
    // Every validation image is called by a wrong name: the more is learnt, the worse it gets.
    int[] wrong = Arrays.stream(VALIDATION.labels()).map(label -> (label + 1) % CLASSES).toArray();

    TrainingResult result =
        train(new Setup(1000, 2).earlyStop(4), TRAINING, VALIDATION.labelled(wrong));

    int best = result.history().indexOf(bestOf(result.history()));
    assertThat(result.history()).hasSize(best + 1 + 4);
    assertThat(result.best()).isEqualTo(result.history().get(best));
    assertThat(result.cancelled()).isFalse();
  }

  @Test
  void trainingStopsEarlyThoughTheLossStillFalls() {
    FixedVectors training = FixedVectors.clustered(5, 90, INPUTS, CLASSES, 0.1);
    FixedVectors validation = FixedVectors.clustered(6, 90, INPUTS, CLASSES, 0.1);

    TrainingResult result = train(new Setup(400, 2).earlyStop(3).rate(0.01), training, validation);

    double highest = bestOf(result.history()).validationAccuracy();
    int first =
        result.history().stream().map(Evaluation::validationAccuracy).toList().indexOf(highest);
    assertThat(result.history()).hasSize(first + 1 + 3);
  }

  /** Counts what is told, and cancels after so many iterations. */
  private static final class Counter implements Progress {
    private final long cancelAfter;
    private final List<String> calls = new ArrayList<>();
    private long advanced;

    Counter(long cancelAfter) {
      this.cancelAfter = cancelAfter;
    }

    @Override
    public void begin(String stage, String unit, long total) {
      calls.add("begin " + total);
    }

    @Override
    public void advance(long count) {
      advanced += count;
    }

    @Override
    public void end() {
      calls.add("end " + advanced);
    }

    @Override
    public boolean cancelled() {
      return advanced >= cancelAfter;
    }
  }

  @Test
  void aCancelledTrainingGivesTheBestSoFar() {
    Counter counter = new Counter(42);

    TrainingResult result =
        new HeadTrainer(new Setup(1000, 10).options(), TrainingListener.NONE, counter)
            .train(TRAINING, VALIDATION, CLASSES);

    assertThat(result.cancelled()).isTrue();
    assertThat(counter.advanced).isBetween(42L, 43L);
    assertThat(result.history().subList(0, 4))
        .extracting(Evaluation::iteration)
        .containsExactly(10, 20, 30, 40);
    assertThat(result.best()).isEqualTo(bestOf(result.history()));
    assertThat(told(result.head(), VALIDATION).loss())
        .isCloseTo(result.best().validationLoss(), CLOSE);
  }

  @Test
  void aTrainingThatIsCancelledAtOnceStillGivesALayer() {
    TrainingResult result =
        new HeadTrainer(new Setup(1000, 10).options(), TrainingListener.NONE, new Counter(0))
            .train(TRAINING, VALIDATION, CLASSES);

    assertThat(result.cancelled()).isTrue();
    assertThat(result.history()).hasSize(1);
    assertThat(layer(result).weights()).hasSize(INPUTS * CLASSES);
  }

  @Test
  void aTrainingCancelledInItsLastIterationIsWhole() {
    TrainingResult result =
        new HeadTrainer(new Setup(20, 10).options(), TrainingListener.NONE, new Counter(19))
            .train(TRAINING, VALIDATION, CLASSES);

    assertThat(result.cancelled()).isFalse();
    assertThat(result.history()).hasSize(2);
  }

  @Test
  void progressIsToldOfEveryIteration() {
    Counter counter = new Counter(Long.MAX_VALUE);

    new HeadTrainer(new Setup(23, 10).options(), TrainingListener.NONE, counter)
        .train(TRAINING, VALIDATION, CLASSES);

    assertThat(counter.calls).containsExactly("begin 23", "end 23");
  }

  /** Counts how often a vector is asked for. */
  private static final class Counted implements Vectors {
    private final Vectors vectors;
    private int copies;

    Counted(Vectors vectors) {
      this.vectors = vectors;
    }

    @Override
    public int count() {
      return vectors.count();
    }

    @Override
    public int length() {
      return vectors.length();
    }

    @Override
    public int label(int index) {
      return vectors.label(index);
    }

    @Override
    public String name(int index) {
      return vectors.name(index);
    }

    @Override
    public void copy(int index, float[] target, int offset) {
      copies++;
      vectors.copy(index, target, offset);
    }
  }

  @Test
  void anEvaluationLooksAtAsManyValidationImagesAsAsked() {
    Counted validation = new Counted(VALIDATION);

    TrainingResult result = train(new Setup(50, 10).validationBatch(7), TRAINING, validation);

    assertThat(validation.copies).isEqualTo(5 * 7);
    for (Evaluation evaluation : result.history()) {
      double right = 7 * evaluation.validationAccuracy();
      assertThat(right).isCloseTo(Math.rint(right), CLOSE);
    }
  }

  @Test
  void everyEvaluationDrawsOtherValidationImages() {
    // The weights stand still, so only the images can make a difference.
    TrainingResult result = train(new Setup(4, 1).rate(1e-30).validationBatch(5));

    assertThat(result.history()).extracting(Evaluation::validationLoss).doesNotHaveDuplicates();
  }

  @Test
  void moreValidationImagesThanFitInOnePieceAreAllCounted() {
    FixedVectors many = FixedVectors.clustered(8, 9001, INPUTS, CLASSES, 1.5);

    TrainingResult result = train(new Setup(20, 20), TRAINING, many);

    Told told = told(result.head(), many);
    assertThat(result.best().validationAccuracy()).isCloseTo(told.accuracy(), CLOSE);
    assertThat(result.best().validationLoss()).isCloseTo(told.loss(), CLOSE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10})
  void aTrainingThatComesApartFailsWithAdvice(int interval) {
    assertThatThrownBy(() -> train(new Setup(10, interval).rate(1e38)))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("came apart")
        .hasMessageContaining("--lr");
  }

  @Test
  void aTrainingWhoseLastUpdateComesApartFails() {
    assertThatThrownBy(() -> train(new Setup(1, 1).rate(1e38)))
        .isInstanceOf(RetrainException.class);
  }
}
