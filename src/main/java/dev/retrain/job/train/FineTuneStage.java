package dev.retrain.job.train;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.graph.DeterministicProto;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.finetune.Checkpointing;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.FineTuneResult;
import dev.retrain.finetune.FineTuner;
import dev.retrain.finetune.checkpoint.CheckpointFile;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.output.ModelPublisher;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.model.FineTuning;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Objective;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.training.weight.ExampleWeights;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;

/** Fine-tunes the network of a trained head. Immutable. */
final class FineTuneStage {
  private static final Logger LOG = LoggerFactory.getLogger(FineTuneStage.class);

  private final ImageSource source;
  private final FineTuneSettings settings;
  private final ClassWeights classWeights;
  private final ModelPublisher publisher;
  private final Backbone backbone;
  private final ConfigProto threads = FineTuner.session(Runtime.getRuntime().availableProcessors());

  /**
   * @param source the images and the backbone
   * @param settings how the network is fine-tuned
   * @param classWeights weights of the classes in the loss
   * @param publisher evaluates heads; knows where the results go
   */
  FineTuneStage(
      ImageSource source,
      FineTuneSettings settings,
      ClassWeights classWeights,
      ModelPublisher publisher) {
    this.source = source;
    this.settings = settings;
    this.classWeights = classWeights;
    this.publisher = publisher;
    backbone = source.bottlenecks().backbone();
  }

  /**
   * Checks the network and the checkpoint, before any slow work.
   *
   * @throws RetrainException if the network can't be trained, or the checkpoint can't be used
   */
  void check() {
    FineTuneNetwork.prepare(backbone, settings.layers());
    if (resumes()) {
      CheckpointFile.read(checkpoint());
    }
  }

  /** Whether there is a checkpoint from which the training resumes. */
  boolean resumes() {
    return settings.resume() && Files.exists(checkpoint());
  }

  /**
   * Fine-tunes. If the user cancels, the best epoch so far counts.
   *
   * @param head the trained head
   * @param data the data that it was trained on
   * @param events receives the summaries
   * @param progress receives the progress, and can cancel the work
   * @return the network with its head, or only the head if it is at least as good on the validation
   *     images
   * @throws RetrainException if the network or the images can't be used
   * @throws CancelledException if the user cancels before the first update
   * @throws IOException if a file can't be read or written
   */
  Tuned run(TrainingResult head, TrainingData data, TensorBoardListener events, Progress progress)
      throws IOException {
    FineTuneNetwork network = FineTuneNetwork.prepare(backbone, settings.layers());
    FineTuneOptions options = settings.options().apply(data.vectors().training().count());
    LOG.info(
        "Fine-tuning the last {} of {} blocks, {} parameters, at {} x {} pixels; epochs: {}.",
        network.trainedBlocks(),
        network.blocks(),
        network.network().parameterCount(),
        backbone.preprocessing().width(),
        backbone.preprocessing().height(),
        options.epochs());
    try (DecodedSet validation =
            DecodedSet.create(
                directory(),
                data.vectors().validation(),
                network,
                backbone.preprocessing(),
                (trained, vectors) -> publisher.assess(trained, data, vectors),
                threads,
                progress);
        FineTuneBatches batches =
            FineTuneBatches.create(
                directory(),
                ImageFiles.of(data.vectors().training()),
                backbone.preprocessing(),
                targets(data, options),
                network,
                options,
                progress)) {
      EpochListener listener =
          new EpochListener(
              validation,
              data.objective(),
              events,
              head.history().get(head.history().size() - 1).iteration());
      listener.showImages(batches.images());
      FineTuneResult result =
          new FineTuner(
                  network.network(),
                  network.input(),
                  network.vector(),
                  backbone.preprocessing(),
                  batches.source(),
                  options,
                  threads)
              .train(head.head(), Optional.of(checkpointing(data, options)), listener, progress);
      if (result.step() == 0) {
        throw new CancelledException("Interrupted before the first update.");
      }
      return choose(head, data, network, result, listener, progress);
    }
  }

  private ImageTargets targets(TrainingData data, FineTuneOptions options) {
    if (data.objective() == Objective.MULTI_LABEL) {
      throw new RetrainException(
          "%s can't be used with %s yet: a network is fine-tuned with exactly one label per image.",
          Setting.FINE_TUNE, Setting.MULTI_LABEL);
    }
    Vectors images = data.vectors().training();
    return new ImageTargets(
        IntStream.range(0, images.count()).map(images::label).toArray(),
        data.labels().size(),
        options.labelSmoothing(),
        ExampleWeights.compute(classWeights, data.labels(), images));
  }

  private Path directory() {
    return checkpoint().toAbsolutePath().getParent();
  }

  private Path checkpoint() {
    return FineTuneSettings.checkpoint(publisher.outputs().model().graph());
  }

  /** Deletes the checkpoint of a training whose model is written. */
  void deleteCheckpoint() throws IOException {
    Files.deleteIfExists(checkpoint());
  }

  private Checkpointing checkpointing(TrainingData data, FineTuneOptions options) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("the checksum of the images", data.origin().fingerprint());
    identity.put(
        "the checksum of the weights",
        targets(data, options)
            .weights()
            .map(weights -> Integer.toHexString(Arrays.hashCode(weights)))
            .orElse("equal"));
    if (settings.resume() && !Files.exists(checkpoint())) {
      LOG.warn("There is no checkpoint {} to resume from; starting from the head.", checkpoint());
    }
    return new Checkpointing(
        checkpoint(), settings.checkpointInterval(), settings.resume(), identity);
  }

  private Backbone tuned(GraphDef network) throws IOException {
    return backbone.tuned(network, Sha256.sha256(DeterministicProto.serialize(network)));
  }

  private Tuned choose(
      TrainingResult head,
      TrainingData data,
      FineTuneNetwork network,
      FineTuneResult result,
      EpochListener listener,
      Progress progress)
      throws IOException {
    ImageSource tuned = source.with(tuned(result.best().network()));
    TrainingData vectors = tuned.recompute(data, new Uncancelled(progress));
    try {
      Tuned chosen = choose(head, data, network, result, listener, tuned, vectors);
      if (chosen.network().isEmpty()) {
        vectors.close();
      }
      return chosen;
    } catch (RuntimeException | Error e) {
      vectors.close();
      throw e;
    }
  }

  private Tuned choose(
      TrainingResult head,
      TrainingData data,
      FineTuneNetwork network,
      FineTuneResult result,
      EpochListener listener,
      ImageSource tuned,
      TrainingData vectors) {
    Assessment before = publisher.assess(head.head(), data, data.vectors().validation());
    Assessment after = publisher.assess(result.best().head(), data, vectors.vectors().validation());
    boolean better = after.score() > before.score();
    boolean cancelled = result.ending() == FineTuneResult.Ending.CANCELLED;
    FineTuning description =
        new FineTuning(
            settings.layers().toString(),
            network.blocks(),
            network.trainedBlocks(),
            network.network().parameterCount(),
            result.epochs().size(),
            result.bestEpoch().epoch(),
            before.score(),
            after.score(),
            better);
    List<Evaluation> history = new ArrayList<>(head.history());
    history.addAll(listener.evaluations(result.epochs()));
    if (!better) {
      LOG.warn(
          "Fine-tuning did not improve the validation {} ({} before, {} after): the model keeps the"
              + " network as it was.",
          EpochListener.name(data.objective()),
          EpochListener.percent(before.score()),
          EpochListener.percent(after.score()));
      return new Tuned(
          new TrainingResult(head.head(), head.best(), history, cancelled),
          Optional.empty(),
          Optional.of(description));
    }
    Evaluation best =
        new Evaluation(
            head.history().get(head.history().size() - 1).iteration() + result.bestEpoch().step(),
            result.bestEpoch().accuracy(),
            result.bestEpoch().loss(),
            after.score(),
            after.loss());
    return new Tuned(
        new TrainingResult(result.best().head(), best, history, cancelled),
        Optional.of(new Tuned.Network(tuned.bottlenecks().backbone(), vectors)),
        Optional.of(description));
  }

  /** Shows the progress of work that a cancelled training still needs. */
  private record Uncancelled(Progress progress) implements Progress {
    @Override
    public void begin(String stage, String unit, long total) {
      progress.begin(stage, unit, total);
    }

    @Override
    public void advance(long count) {
      progress.advance(count);
    }

    @Override
    public void end() {
      progress.end();
    }
  }
}
