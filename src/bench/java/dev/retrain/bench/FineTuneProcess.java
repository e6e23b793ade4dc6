package dev.retrain.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.finetune.Checkpointing;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.finetune.layers.TrainSize;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.train.TrainJob;
import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingOptions;
import dev.retrain.util.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A process that fine-tunes the MobileNet with the default recipe. */
final class FineTuneProcess {
  private FineTuneProcess() {}

  /**
   * Trains, and prints images per second and the validation accuracy after the last epoch.
   *
   * @param arguments the images, the directory of networks, that of the results, rows of pixels,
   *     epochs, seed
   */
  public static void main(String[] arguments) throws Exception {
    Bench.quietLogs();
    Path results = Path.of(arguments[2]);
    int epochs = Integer.parseInt(arguments[4]);
    long seed = Long.parseLong(arguments[5]);
    Backbone backbone =
        TrainSize.apply(
            BackboneLoader.load(
                BackboneRegistry.find(Setting.MOBILE_NET).orElseThrow(),
                FeatureSet.LAST,
                new BackboneStore(Path.of(arguments[1]), DownloadSources.PUBLISHERS)),
            OptionalInt.of(Integer.parseInt(arguments[3])),
            List.of());
    FineTuneSettings settings =
        new FineTuneSettings(
            FineTuneLayers.DEFAULT,
            images -> FineTuneOptions.builder(images).epochs(epochs).seed(seed).build(),
            Checkpointing.DEFAULT_INTERVAL,
            false);
    UpdateClock clock = new UpdateClock(epochs);
    List<Evaluation> history =
        TrainJob.builder(
                ImageSource.of(Path.of(arguments[0]), results.resolve("cache"), backbone),
                TrainOutputs.in(results))
            .training(TrainingOptions.builder().seed(seed).build())
            .fineTuning(Optional.of(settings))
            .build()
            .run(clock)
            .training()
            .history();
    ObjectNode result = Json.mapper().createObjectNode();
    result.put("images_per_second", clock.imagesPerSecond());
    result.put("whole_images_per_second", clock.wholeImagesPerSecond());
    result.put("validation_accuracy", history.get(history.size() - 1).validationAccuracy());
    System.out.println(result);
  }
}
