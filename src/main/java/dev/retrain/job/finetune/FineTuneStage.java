package dev.retrain.job.finetune;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.graph.DeterministicProto;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.finetune.Checkpointing;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.FineTuneResult;
import dev.retrain.finetune.FineTuner;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.image.Preprocessing;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.output.EventPosition;
import dev.retrain.job.output.ModelPublisher;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.model.FineTuning;
import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;

/** Fine-tunes the network of a trained head. Immutable. */
public final class FineTuneStage {
  private static final Logger LOG = LoggerFactory.getLogger(FineTuneStage.class);

  private final ImageSource source;
  private final FineTuneSettings settings;
  private final ClassWeights classWeights;
  private final ModelPublisher publisher;
  private final Path checkpoint;
  private final FineTuneNetwork network;
  private final Optional<EventPosition> events;
  private final ConfigProto threads = FineTuner.session(Runtime.getRuntime().availableProcessors());

  private FineTuneStage(
      ImageSource source,
      FineTuneSettings settings,
      ClassWeights classWeights,
      ModelPublisher publisher,
      Path checkpoint,
      FineTuneNetwork network,
      Optional<EventPosition> events) {
    this.source = source;
    this.settings = settings;
    this.classWeights = classWeights;
    this.publisher = publisher;
    this.checkpoint = checkpoint;
    this.network = network;
    this.events = events;
  }

  /**
   * Prepares the network and checks the checkpoint, before any slow work.
   *
   * @param source the images and the backbone
   * @param settings how the network is fine-tuned
   * @param classWeights weights of the classes in the loss
   * @param publisher evaluates heads
   * @param checkpoint the checkpoint; the decoded images are beside it while they are needed
   * @throws RetrainException if the network can't be trained, or the checkpoint can't be used
   */
  public static FineTuneStage prepare(
      ImageSource source,
      FineTuneSettings settings,
      ClassWeights classWeights,
      ModelPublisher publisher,
      Path checkpoint) {
    return new FineTuneStage(
        source,
        settings,
        classWeights,
        publisher,
        checkpoint,
        FineTuneNetwork.prepare(source.bottlenecks().backbone(), settings.layers()),
        settings.resume() && Files.exists(checkpoint)
            ? EpochListener.events(Checkpointing.listenerState(checkpoint))
            : Optional.empty());
  }

  private Backbone backbone() {
    return source.bottlenecks().backbone();
  }

  /**
   * Where the events of the interrupted training stood at its checkpoint; absent if there is none.
   */
  public Optional<EventPosition> events() {
    return events;
  }

  /** Whether there is a checkpoint from which the training resumes. */
  public boolean resumes() {
    return settings.resume() && Files.exists(checkpoint);
  }

  /**
   * Checks that the checkpoint, if the training resumes from it, is of the same options and images.
   *
   * @throws RetrainException if it is not
   */
  public void check(TrainingData data) {
    if (resumes()) {
      FineTuneData inputs = FineTuneData.of(data, settings, classWeights);
      Checkpointing.check(checkpoint, inputs.options(), inputs.identity());
    }
  }

  /**
   * Fine-tunes. If the user cancels, the best epoch so far counts.
   *
   * @param head the trained head
   * @param data the data that it was trained on
   * @param events receives the summaries, if they are written
   * @param progress receives the progress, and can cancel the work
   * @return the network with its head, or only the head if it is at least as good on the validation
   *     images
   * @throws RetrainException if the network or the images can't be used
   * @throws CancelledException if the user cancels before the first update
   * @throws IOException if a file can't be read or written
   */
  public FineTuneOutcome run(
      TrainingResult head,
      TrainingData data,
      Optional<TensorBoardListener> events,
      Progress progress)
      throws IOException {
    FineTuneData inputs = FineTuneData.of(data, settings, classWeights);
    FineTuneOptions options = inputs.options();
    Preprocessing size = backbone().preprocessing();
    LOG.info(
        "Fine-tuning the last {} of {} blocks, {}, at {} x {} pixels; epochs: {}.",
        network.trainedBlocks(),
        network.blocks(),
        Counted.of(network.network().parameterCount(), "parameter"),
        size.width(),
        size.height(),
        options.epochs());
    try (DecodedSet validation =
            DecodedSet.create(
                directory(),
                data.vectors().validation(),
                network,
                size,
                (trained, vectors) -> publisher.assess(trained, data, vectors),
                threads,
                progress);
        FineTuneBatches batches =
            FineTuneBatches.create(
                directory(),
                ImageFiles.of(data.vectors().training()),
                size,
                inputs.targets(),
                network,
                options,
                progress)) {
      EpochListener listener =
          new EpochListener(validation, data.objective(), events, head.iterations());
      listener.showImages(batches.images());
      FineTuneResult result =
          new FineTuner(
                  network.network(),
                  network.input(),
                  network.vector(),
                  size,
                  batches.source(),
                  options,
                  threads)
              .train(head.head(), Optional.of(checkpointing(inputs)), listener, progress);
      if (result.step() == 0) {
        throw new CancelledException("Interrupted before the first update.");
      }
      return choose(head, data, result, listener, progress);
    }
  }

  private Path directory() {
    return checkpoint.toAbsolutePath().getParent();
  }

  /** Deletes the checkpoint of a training whose model is written. */
  public void deleteCheckpoint() throws IOException {
    Files.deleteIfExists(checkpoint);
  }

  private Checkpointing checkpointing(FineTuneData inputs) {
    if (settings.resume() && !Files.exists(checkpoint)) {
      LOG.warn("There is no checkpoint {}; fine-tuning starts from the beginning.", checkpoint);
    }
    return new Checkpointing(
        checkpoint, settings.checkpointInterval(), settings.resume(), inputs.identity());
  }

  private Backbone tuned(GraphDef graph) throws IOException {
    return backbone().tuned(graph, Sha256.sha256(DeterministicProto.serialize(graph)));
  }

  private FineTuneOutcome choose(
      TrainingResult head,
      TrainingData data,
      FineTuneResult result,
      EpochListener listener,
      Progress progress)
      throws IOException {
    Backbone tuned = tuned(result.best().network());
    TrainingData vectors = source.with(tuned).recompute(data, new UncancelledProgress(progress));
    try {
      Assessment before = publisher.assess(head.head(), data, data.vectors().validation());
      Assessment after =
          publisher.assess(result.best().head(), data, vectors.vectors().validation());
      FineTuning description = describe(result, before, after);
      List<Evaluation> history = new ArrayList<>(head.history());
      history.addAll(listener.evaluations(result.epochs()));
      boolean cancelled = result.ending() == FineTuneResult.Ending.CANCELLED;
      if (description.used()) {
        return new FineTuneOutcome(
            new TrainingResult(result.best().head(), best(head, result, after), history, cancelled),
            Optional.of(new FineTuneOutcome.Network(tuned, vectors)),
            Optional.of(description));
      }
      LOG.warn(
          "Fine-tuning did not improve the validation {} ({} before, {} after); the model keeps the"
              + " original network.",
          EpochListener.name(data.objective()),
          EpochListener.percent(before.score()),
          EpochListener.percent(after.score()));
      vectors.close();
      return new FineTuneOutcome(
          new TrainingResult(head.head(), head.best(), history, cancelled),
          Optional.empty(),
          Optional.of(description));
    } catch (RuntimeException | Error e) {
      vectors.close();
      throw e;
    }
  }

  private FineTuning describe(FineTuneResult result, Assessment before, Assessment after) {
    return new FineTuning(
        settings.layers().toString(),
        network.blocks(),
        network.trainedBlocks(),
        network.network().parameterCount(),
        result.epochs().size(),
        result.bestEpoch().epoch(),
        before.score(),
        after.score(),
        after.score() > before.score());
  }

  private static Evaluation best(TrainingResult head, FineTuneResult result, Assessment after) {
    return new Evaluation(
        head.iterations() + result.bestEpoch().step(),
        result.bestEpoch().accuracy(),
        result.bestEpoch().loss(),
        after.score(),
        after.loss());
  }
}
