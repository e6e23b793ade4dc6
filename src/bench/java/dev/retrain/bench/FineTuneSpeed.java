package dev.retrain.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.finetune.layers.TrainSize;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.tensorflow.types.TFloat32;

/**
 * Fine-tuning of the MobileNet, compared with Keras and tf.data: the same network, layers, images
 * and recipe, on the same cores. Each round has another seed.
 */
final class FineTuneSpeed implements Measurements {
  private static final int CLASSES = 10;
  private static final int PIXELS = 96;
  private static final String OURS = "retrain";
  private static final String KERAS = "Keras and tf.data";
  private static final String PEAK = "peak";
  private static final String RATE = "rate";
  private static final String WHOLE = "whole";
  private static final String ACCURACY = "accuracy";
  private static final String MEMORY = "memory";

  @Override
  public String title() {
    return "FineTune";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    int training = setting.size(500, 26);
    int epochs = setting.size(4, 2);
    Path images = images(setting, training, setting.size(250, 5));
    Path graph = setting.mobileNetGraph();
    FineTuneNetwork network = network(setting);
    // The first block is the first convolution.
    int fixed = network.blocks() - network.trainedBlocks() - 1;
    int[] seed = {0};
    Rounds rounds = new Rounds();
    try (Peak peak = new Peak(setting, TFloat32.class)) {
      rounds
          .with(
              PEAK,
              samples -> {
                seed[0]++;
                peak.measure(samples);
              })
          .with(OURS, samples -> ours(setting, images, epochs, seed[0], samples))
          .with(
              KERAS,
              samples -> {
                Child child =
                    Child.python(
                        setting,
                        "bench_fine_tune.py",
                        graph,
                        images,
                        PIXELS,
                        epochs,
                        fixed,
                        seed[0]);
                add(child, samples);
              });
      rounds.run(setting.size(3, 1));
    }
    return rows(
        rounds,
        "MobileNet v1 0.25, its last %d of %d blocks, fine-tuned on %,d images of %d x %d pixels"
            .formatted(
                network.trainedBlocks(), network.blocks(), CLASSES * training, PIXELS, PIXELS),
        epochs,
        TrainingArithmetic.gflopPerImage(network));
  }

  private static List<Measurement> rows(
      Rounds rounds, String what, int epochs, double gflopPerImage) {
    Figure ours = rounds.figure(OURS, RATE);
    Figure keras = rounds.figure(KERAS, RATE);
    return List.of(
        Measurement.alone(what, Unit.IMAGES_PER_SECOND, ours)
            .against(KERAS, keras)
            .target(Target.ratioAtLeast(1.2)),
        Measurement.alone(
                "the same, with its moments and validation after each epoch",
                Unit.IMAGES_PER_SECOND,
                rounds.figure(OURS, WHOLE))
            .against(KERAS + ", without a validation", keras),
        Measurement.alone(
                "Validation accuracy after %d epochs".formatted(epochs),
                Unit.ACCURACY,
                rounds.figure(OURS, ACCURACY))
            .against(KERAS, rounds.figure(KERAS, ACCURACY)),
        Measurement.alone("Peak memory for that", Unit.GIBIBYTES, rounds.figure(OURS, MEMORY))
            .against(KERAS, rounds.figure(KERAS, MEMORY)),
        Measurement.alone(
                "Arithmetic of the fine-tuning, %.3f GFLOP per image".formatted(gflopPerImage),
                Unit.GFLOP_PER_SECOND,
                ours.isMeasured()
                    ? Figure.of(ours.values().stream().map(rate -> rate * gflopPerImage).toList())
                    : ours)
            .against(Peak.NAME, Peak.higher(rounds, PEAK)));
  }

  private static void ours(
      Setting setting, Path images, int epochs, int seed, Rounds.Samples samples) throws Exception {
    Child child =
        Child.java(
            setting,
            List.of(),
            FineTuneProcess.class,
            images,
            setting.models().path(),
            setting.fresh("fine-tuned"),
            PIXELS,
            epochs,
            seed);
    add(child, samples);
    samples.add(WHOLE, child.json().get("whole_images_per_second").asDouble());
  }

  private static void add(Child child, Rounds.Samples samples) throws IOException {
    JsonNode result = child.json();
    samples.add(RATE, result.get("images_per_second").asDouble());
    samples.add(ACCURACY, result.get("validation_accuracy").asDouble());
    samples.add(MEMORY, child.gibibytes());
  }

  private static FineTuneNetwork network(Setting setting) throws IOException {
    Backbone sized = TrainSize.apply(setting.mobileNet(), OptionalInt.of(PIXELS), List.of());
    return FineTuneNetwork.prepare(sized, FineTuneLayers.DEFAULT);
  }

  /** A directory of images that are split already. */
  private static Path images(Setting setting, int training, int evaluated) throws IOException {
    Path all = setting.fresh("all");
    SharedData.cifar10(all, training + 2 * evaluated);
    Path split = setting.fresh("split");
    for (Path folder : list(all)) {
      List<Path> files = list(folder);
      for (int i = 0; i < files.size(); i++) {
        String set = i < training ? "train" : i < training + evaluated ? "validation" : "test";
        Path target = split.resolve(set).resolve(folder.getFileName());
        Files.createDirectories(target);
        Files.move(files.get(i), target.resolve(files.get(i).getFileName()));
      }
    }
    return split;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return new ArrayList<>(entries.sorted().toList());
    }
  }
}
