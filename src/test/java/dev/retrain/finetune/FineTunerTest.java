package dev.retrain.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.google.protobuf.ByteString;
import dev.retrain.finetune.FineTuneResult.Ending;
import dev.retrain.finetune.checkpoint.Checkpoint;
import dev.retrain.finetune.checkpoint.CheckpointFile;
import dev.retrain.finetune.graph.FineTuneGraph.StepMetrics;
import dev.retrain.finetune.graph.FineTuneOptimizer;
import dev.retrain.finetune.network.TrainableNetworkBuilder;
import dev.retrain.testing.RecordedProgress;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class FineTunerTest {
  private static final int IMAGES = 50;

  /** 4 epochs of 5 updates with 10 images. */
  private static final int STEPS = 20;

  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir private static Path images;
  private static SmallTraining training;

  @TempDir private Path directory;

  @BeforeAll
  static void create() throws IOException {
    training = SmallTraining.create(images, IMAGES);
  }

  @AfterAll
  static void close() throws IOException {
    training.close();
  }

  private static FineTuneOptions.Builder options() {
    return FineTuneOptions.builder(IMAGES).epochs(4).batchSize(10).learningRate(0.01);
  }

  /** Returns given validation metrics, or else the number of the epoch. */
  private static class Recorder implements FineTuneListener {
    final List<String> events = new ArrayList<>();
    final List<Double> metrics = new ArrayList<>();
    int state = 7;

    @Override
    public void started(int step, int steps, JsonNode saved) {
      events.add("started %d of %d with %s".formatted(step, steps, saved));
      state = saved.asInt(7);
    }

    @Override
    public void updated(int step, float rate, StepMetrics metrics) {
      events.add("%d %s %s".formatted(step, rate, metrics));
    }

    @Override
    public double epochEnded(EpochResult epoch, FineTuned tuned) throws IOException {
      events.add(epoch.toString());
      state += epoch.epoch();
      return metrics.isEmpty() ? epoch.epoch() : metrics.get(epoch.epoch() - 1);
    }

    @Override
    public JsonNode state() {
      return IntNode.valueOf(state);
    }
  }

  private Optional<Checkpointing> at(String name, boolean resume) {
    return Optional.of(
        new Checkpointing(directory.resolve(name), NEVER, resume, Map.of("the images", "abc")));
  }

  private static FineTuneResult train(
      FineTuneOptions options, Optional<Checkpointing> to, Recorder events, Progress progress)
      throws IOException {
    return training.tuner(options).train(SmallTraining.head(), to, events, progress);
  }

  private static Map<String, float[]> tensors(Optional<Checkpointing> at) {
    return CheckpointFile.read(at.orElseThrow().file()).tensors();
  }

  private static void assertSame(FineTuneResult actual, FineTuneResult expected) {
    assertThat(actual.epochs()).isEqualTo(expected.epochs());
    assertThat(actual.bestEpoch()).isEqualTo(expected.bestEpoch());
    assertThat(actual.best().network()).isEqualTo(expected.best().network());
    assertThat(actual.best().head().layers().get(0).weights())
        .isEqualTo(expected.best().head().layers().get(0).weights());
    assertThat(actual.best().head().layers().get(0).biases())
        .isEqualTo(expected.best().head().layers().get(0).biases());
  }

  static Stream<Named<FineTuneOptions>> recipes() {
    return Stream.of(
        Named.of("default", options().build()),
        Named.of(
            "averaged, accumulated and clipped",
            options().batchSize(5).accumulate(2).averageDecay(0.9).clipNorm(0.5).build()),
        Named.of(
            "SGD with layer decay",
            options().optimizer(new FineTuneOptimizer.Sgd(0.9)).layerDecay(0.8).build()));
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void resumedTrainingEqualsAnUndisturbedOne(FineTuneOptions options) throws IOException {
    Recorder undisturbed = new Recorder();
    FineTuneResult expected = train(options, at("whole", false), undisturbed, Progress.NONE);

    Recorder first = new Recorder();
    FineTuneResult cancelled =
        train(options, at("part", false), first, new RecordedProgress(9 * 10));
    assertThat(cancelled.ending()).isEqualTo(Ending.CANCELLED);
    assertThat(cancelled.step()).isEqualTo(9);
    assertThat(cancelled.checkpoint()).contains(directory.resolve("part"));
    Recorder second = new Recorder();
    RecordedProgress progress = new RecordedProgress(Long.MAX_VALUE);
    FineTuneResult resumed = train(options, at("part", true), second, progress);

    assertSame(resumed, expected);
    assertThat(resumed.ending()).isEqualTo(Ending.COMPLETED);
    Map<String, float[]> whole = tensors(at("whole", false));
    Map<String, float[]> part = tensors(at("part", false));
    assertThat(part.keySet()).isEqualTo(whole.keySet()).hasSizeGreaterThan(20);
    part.forEach((name, values) -> assertThat(values).as(name).isEqualTo(whole.get(name)));
    // The events after the resumption are those of the undisturbed training.
    assertThat(undisturbed.events.get(0)).isEqualTo("started 0 of 20 with null");
    assertThat(second.events.get(0)).isEqualTo("started 9 of 20 with 8");
    int remaining = second.events.size() - 1;
    int all = undisturbed.events.size();
    assertThat(second.events.subList(1, remaining + 1))
        .isEqualTo(undisturbed.events.subList(all - remaining, all));
    assertThat(progress.events().get(0)).isEqualTo("begin 110 images");
    assertThat(progress.done()).isEqualTo(110);
  }

  @Test
  void trainingResumesFromACheckpointThatWasWrittenMeanwhile() throws IOException {
    FineTuneOptions options = options().averageDecay(0.8).build();
    FineTuneResult expected = train(options, Optional.empty(), new Recorder(), Progress.NONE);
    Optional<Checkpointing> everyUpdate =
        Optional.of(new Checkpointing(directory.resolve("often"), Duration.ZERO, true, Map.of()));
    Recorder broken =
        new Recorder() {
          @Override
          public void updated(int step, float rate, StepMetrics metrics) {
            if (step == 13) {
              throw new IllegalStateException("killed");
            }
          }
        };
    assertThatThrownBy(() -> train(options, everyUpdate, broken, Progress.NONE))
        .hasMessage("killed");
    assertThat(CheckpointFile.read(directory.resolve("often")).header().step()).isEqualTo(12);

    Recorder resumed = new Recorder();
    assertSame(train(options, everyUpdate, resumed, Progress.NONE), expected);
    assertThat(resumed.events.get(0)).isEqualTo("started 12 of 20 with 10");
  }

  @Test
  void finishedTrainingResumesToItsResult() throws IOException {
    FineTuneResult expected =
        train(options().build(), at("done", false), new Recorder(), Progress.NONE);
    Recorder again = new Recorder();

    assertSame(train(options().build(), at("done", true), again, Progress.NONE), expected);
    assertThat(again.events).containsExactly("started 20 of 20 with 17");
  }

  @Test
  void equalTrainingsGiveEqualBytes() throws IOException {
    FineTuneResult first =
        train(options().build(), Optional.empty(), new Recorder(), Progress.NONE);
    FineTuneResult second =
        train(options().build(), Optional.empty(), new Recorder(), Progress.NONE);
    assertSame(second, first);

    FineTuneResult other =
        train(options().seed(2).build(), Optional.empty(), new Recorder(), Progress.NONE);
    assertThat(other.best().network()).isNotEqualTo(first.best().network());
  }

  static Stream<Arguments> otherTrainings() {
    return Stream.of(
        other("the number of epochs is 4 there, but 5 here", builder -> builder.epochs(5)),
        other("the batch size is 10 there, but 12 here", builder -> builder.batchSize(12)),
        other("the learning rate is 0.01 there, but 0.02 here", b -> b.learningRate(0.02)),
        other("the seed is 1 there, but 2 here", builder -> builder.seed(2)),
        other(
            "the optimizer is AdamW[] there, but Sgd[momentum=0.9] here",
            builder -> builder.optimizer(new FineTuneOptimizer.Sgd(0.9))));
  }

  private static Arguments other(String message, UnaryOperator<FineTuneOptions.Builder> change) {
    return Arguments.of(message, change.apply(options()).build());
  }

  @ParameterizedTest
  @MethodSource("otherTrainings")
  void checkpointOfOtherOptionsIsRefused(String difference, FineTuneOptions other)
      throws IOException {
    Optional<Checkpointing> at = cancelledAfterOneUpdate();
    assertThatThrownBy(() -> train(other, at, new Recorder(), Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessage(
            "%s belongs to a different training: %s. Resume with the original options and images, or"
                    .formatted(at.orElseThrow().file(), difference)
                + " delete the file to start again.");
  }

  private Optional<Checkpointing> cancelledAfterOneUpdate() throws IOException {
    train(options().build(), at("one", false), new Recorder(), new RecordedProgress(10));
    return at("one", true);
  }

  @Test
  void checkpointOfOtherImagesLabelsHeadsOrNetworksIsRefused() throws IOException {
    Optional<Checkpointing> at = cancelledAfterOneUpdate();
    Checkpointing own = at.orElseThrow();
    Optional<Checkpointing> others =
        Optional.of(new Checkpointing(own.file(), NEVER, true, Map.of("the images", "def")));
    FineTuner tuner = training.tuner(options().build());
    Recorder events = new Recorder();

    assertThatThrownBy(() -> tuner.train(SmallTraining.head(), others, events, Progress.NONE))
        .hasMessageContaining("the images is abc there, but def here");
    int[] labels = training.labels();
    labels[3] = (labels[3] + 1) % SmallTraining.CLASSES;
    assertThatThrownBy(
            () ->
                training
                    .withLabels(labels)
                    .tuner(options().build())
                    .train(SmallTraining.head(), at, events, Progress.NONE))
        .hasMessageContaining("the checksum of the labels is");
    assertThatThrownBy(
            () ->
                training
                    .tuner(options().build(), Set.of("BiasAdd"))
                    .train(SmallTraining.head(), at, events, Progress.NONE))
        .hasMessageContaining("the checksum of the training graph is");
  }

  @Test
  void withoutResumingACheckpointIsReplaced() throws IOException {
    Path file = cancelledAfterOneUpdate().orElseThrow().file();
    train(options().seed(3).build(), at("one", false), new Recorder(), Progress.NONE);
    Checkpoint replaced = CheckpointFile.read(file);
    assertThat(replaced.header().step()).isEqualTo(STEPS);
  }

  @Test
  void trainingContinuesWithoutCheckpointIfItCantBeWritten() throws IOException {
    Path file = Files.createDirectory(directory.resolve("taken"));
    List<String> problems = new ArrayList<>();
    Recorder events =
        new Recorder() {
          @Override
          public void checkpointFailed(IOException problem) {
            problems.add(problem.getMessage());
          }
        };
    FineTuneResult result =
        train(
            options().epochs(1).build(),
            Optional.of(new Checkpointing(file, NEVER, false, Map.of())),
            events,
            Progress.NONE);
    assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
    assertThat(result.checkpoint()).isEmpty();
    assertThat(problems).hasSize(1).first().asString().contains(file.toString());
  }

  @Test
  void bestEpochIsReturnedAndTrainingStopsEarly() throws IOException {
    Recorder events = new Recorder();
    events.metrics.addAll(List.of(0.5, 0.7, 0.7, 0.6, 0.9));
    FineTuneResult result =
        train(options().epochs(5).earlyStop(2).build(), Optional.empty(), events, Progress.NONE);

    assertThat(result.ending()).isEqualTo(Ending.STOPPED_EARLY);
    assertThat(result.bestEpoch().epoch()).isEqualTo(2);
    assertThat(result.epochs())
        .extracting(EpochResult::validation)
        .containsExactly(0.5, 0.7, 0.7, 0.6);
    assertThat(result.step()).isEqualTo(STEPS);
  }

  @Test
  void cancellationEndsWithTheValuesSoFar() throws IOException {
    List<Optional<Path>> checkpoints = new ArrayList<>();
    Recorder events =
        new Recorder() {
          @Override
          public void cancelled(Optional<Path> checkpoint) {
            assertThat(events).noneMatch(event -> event.contains("step=7"));
            checkpoints.add(checkpoint);
          }
        };
    FineTuneResult result =
        train(options().build(), at("cancelled", false), events, new RecordedProgress(7 * 10));

    assertThat(checkpoints).containsExactly(Optional.of(directory.resolve("cancelled")));
    assertThat(events.events).last().asString().contains("step=7");
    assertThat(result.ending()).isEqualTo(Ending.CANCELLED);
    assertThat(result.bestEpoch().step()).isEqualTo(7);
    assertThat(result.epochs()).extracting(EpochResult::step).containsExactly(5, 7);
  }

  @Test
  void cancelledEvaluationLeavesTheUpdatesForTheResumption() throws IOException {
    FineTuneOptions options = options().build();
    FineTuneResult expected = train(options, Optional.empty(), new Recorder(), Progress.NONE);
    Recorder impatient =
        new Recorder() {
          @Override
          public double epochEnded(EpochResult epoch, FineTuned tuned) throws IOException {
            if (epoch.epoch() == 2) {
              throw new CancelledException("enough");
            }
            return super.epochEnded(epoch, tuned);
          }
        };
    FineTuneResult cancelled = train(options, at("eval", false), impatient, Progress.NONE);

    assertThat(cancelled.ending()).isEqualTo(Ending.CANCELLED);
    assertThat(cancelled.step()).isEqualTo(10);
    assertThat(cancelled.bestEpoch().epoch()).isEqualTo(1);
    assertSame(train(options, at("eval", true), new Recorder(), Progress.NONE), expected);
  }

  @Test
  void divergedTrainingNamesTheRate() {
    FineTuneOptions options =
        options().learningRate(1e30).optimizer(new FineTuneOptimizer.Sgd(0.9)).build();
    assertThatThrownBy(() -> train(options, Optional.empty(), new Recorder(), Progress.NONE))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("Lower the learning rate of fine-tuning below 1.0E30");
  }

  /** The loss and the gradients of the only update are finite, but not the weights after it. */
  @Test
  void lastUpdateMayDiverge() {
    FineTuneOptions options = options().learningRate(3e38).batchSize(IMAGES).epochs(1).build();
    Recorder events = new Recorder();
    assertThatThrownBy(() -> train(options, Optional.empty(), events, Progress.NONE))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("at iteration 1 (the weights or activations are NaN or infinite)");
    assertThat(events.events).hasSize(2).last().asString().startsWith("1 ");
  }

  /** A check in the network reports that its values diverge before the loss does. */
  @Test
  void operationThatFailsIsReported() {
    GraphDef network =
        SmallTraining.network().toBuilder()
            .addNode(
                NodeDef.newBuilder()
                    .setName("checked")
                    .setOp("CheckNumerics")
                    .addInput(SmallTraining.VECTOR)
                    .putAttr("T", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                    .putAttr(
                        "message",
                        AttrValue.newBuilder().setS(ByteString.copyFromUtf8("vectors")).build()))
            .build();
    FineTuneOptions options = options().learningRate(3e38).build();
    FineTuner tuner =
        new FineTuner(
            TrainableNetworkBuilder.build(network, Set.of()),
            SmallTraining.INPUT,
            "checked",
            SmallTraining.PREPROCESSING,
            training.batches(options),
            options,
            FineTuner.session(2));
    Recorder events = new Recorder();
    assertThatThrownBy(() -> tuner.train(SmallTraining.head(), events, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageStartingWith("The network fails while it is fine-tuned: ")
        .hasMessageContaining("vectors")
        .hasMessageContaining("Set the fine-tuned layers to fewer layers");
  }

  @Test
  void trainingWithoutFiniteValidationLossHasDiverged() {
    Recorder events = new Recorder();
    events.metrics.addAll(List.of(0.5, Double.NaN));
    FineTuneOptions options = options().build();
    assertThatThrownBy(() -> train(options, Optional.empty(), events, Progress.NONE))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("at iteration 10 (the validation loss is NaN or infinite)");
  }

  @Test
  void cancellationOfADivergedTrainingKeepsTheBestEpoch() throws IOException {
    Recorder events = new Recorder();
    events.metrics.addAll(List.of(0.5, Double.NaN));
    FineTuneResult result =
        train(options().build(), Optional.empty(), events, new RecordedProgress(7 * 10));
    assertThat(result.ending()).isEqualTo(Ending.CANCELLED);
    assertThat(result.bestEpoch().epoch()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("fewImages")
  void fewImagesAreEnough(int count, int batchSize, int accumulate, int updates)
      throws IOException {
    Path few = Files.createDirectory(directory.resolve("few"));
    try (SmallTraining small = SmallTraining.create(few, count)) {
      FineTuneOptions options =
          FineTuneOptions.builder(count)
              .epochs(2)
              .batchSize(batchSize)
              .accumulate(accumulate)
              .build();
      FineTuneResult result =
          small.tuner(options).train(SmallTraining.head(), new Recorder(), Progress.NONE);
      assertThat(result.step()).isEqualTo(2 * updates);
      assertThat(result.bestEpoch().loss()).isFinite();
    }
  }

  static Stream<Arguments> fewImages() {
    return Stream.of(
        Arguments.of(1, 128, 1, 1),
        Arguments.of(3, 128, 4, 1),
        Arguments.of(3, 2, 1, 1),
        Arguments.of(5, 2, 2, 1),
        Arguments.of(13, 12, 1, 2));
  }

  /** An update of plain SGD is the learning rate times the gradient. */
  @Test
  void layerDecayAppliesOnceForEachLayerToTheHead() throws IOException {
    Map<String, float[]> before = afterUpdate("none", 1e-30, 1);
    Map<String, float[]> whole = afterUpdate("whole", 0.1, 1);
    Map<String, float[]> decayed = afterUpdate("decayed", 0.1, 0.25);
    // The kernels of the two convolutions, and the weights of the head, by their lengths.
    Map<Integer, Double> factors = Map.of(3 * 3 * 3 * 5, 1 / 16.0, 3 * 3 * 5 * 6, 0.25, 6 * 3, 1.0);
    factors.forEach(
        (length, factor) -> {
          String name =
              before.keySet().stream()
                  .filter(key -> key.startsWith("variable/") && !key.contains("velocity"))
                  .filter(key -> before.get(key).length == length)
                  .findFirst()
                  .orElseThrow();
          double expected = 0;
          double actual = 0;
          for (int i = 0; i < length; i++) {
            double gradient = whole.get(name)[i] - before.get(name)[i];
            expected += gradient * gradient;
            actual += gradient * (decayed.get(name)[i] - before.get(name)[i]);
          }
          assertThat(actual / expected).as(name).isCloseTo(factor, within(1e-4));
        });
  }

  private Map<String, float[]> afterUpdate(String name, double rate, double layerDecay)
      throws IOException {
    Optional<Checkpointing> to = at(name, false);
    FineTuneOptions options =
        FineTuneOptions.builder(IMAGES)
            .epochs(1)
            .batchSize(IMAGES)
            .learningRate(rate)
            .schedule(new FineTuneSchedule.Constant(0))
            .optimizer(new FineTuneOptimizer.Sgd(0))
            .weightDecay(0)
            .layerDecay(layerDecay)
            .build();
    train(options, to, new Recorder(), Progress.NONE);
    return tensors(to);
  }
}
