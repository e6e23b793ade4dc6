package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.Bfloat16;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.backbone.Precision;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.InceptionReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/**
 * ThroughputProbe.Estimate of Inception-V3 on decoded images, compared with the machine's peak:
 * matrix products, either one on all cores or one on each core, whichever is faster.
 */
final class InceptionSpeed implements Measurements {
  /** The convolutions of Inception-V3, for one image. */
  private static final double GFLOP_PER_IMAGE = 11.44;

  private static final int SIZE = 299;
  private static final String RATE = "rate";

  @Override
  public String title() {
    return "Inception-V3";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    GraphDef graph = InceptionReplica.build(1);
    Backbone backbone =
        new Backbone(
            "inception",
            graph,
            "0".repeat(64),
            "Mul:0",
            List.of("pool_3:0"),
            new Preprocessing(SIZE, SIZE, 128, 128));
    List<float[]> batch = noise(setting.size(ExecutionConfig.onCores().batch(), 2));
    Optional<String> obstacle = Bfloat16.obstacle();
    Rounds rounds = new Rounds();
    try (RawGraph raw = new RawGraph(graph, "Mul", "pool_3", SIZE);
        EveryCaller float32 = new EveryCaller(backbone);
        EveryCaller bfloat16 =
            new EveryCaller(backbone.with(new ComputeOptions(true, Precision.BFLOAT16)));
        Peak float32Peak = new Peak(setting, TFloat32.class);
        Peak bfloat16Peak = new Peak(setting, TBfloat16.class)) {
      rounds
          .with("float32 peak", float32Peak::measure)
          .with("raw", samples -> samples.add(RATE, raw.imagesPerSecond(batch)))
          .with("float32", samples -> samples.add(RATE, float32.imagesPerSecond(batch)))
          .with(
              "bfloat16",
              samples -> {
                obstacle.ifPresent(Assumptions::abort);
                samples.add(RATE, bfloat16.imagesPerSecond(batch));
              })
          .with(
              "bfloat16 peak",
              samples -> {
                obstacle.ifPresent(Assumptions::abort);
                bfloat16Peak.measure(samples);
              })
          .warmUp()
          .run(setting.size(5, 1));
    }
    Figure raw = rounds.figure("raw", RATE);
    Figure float32 = rounds.figure("float32", RATE);
    Figure bfloat16 = rounds.figure("bfloat16", RATE);
    String rawName = "original graph, one image at a time, all cores";
    return List.of(
        row("Inception-V3, float32", float32)
            .against(rawName, raw)
            .target(Target.ratioAtLeast(1.45)),
        row("Inception-V3, bfloat16", bfloat16)
            .against(rawName, raw)
            .target(Target.ratioAtLeast(2.7)),
        arithmetic("Inception-V3 arithmetic, float32", float32)
            .against(Peak.NAME, Peak.higher(rounds, "float32 peak"))
            .target(Target.ratioAtLeast(0.9)),
        arithmetic("Inception-V3 arithmetic, bfloat16", bfloat16)
            .against(Peak.NAME, Peak.higher(rounds, "bfloat16 peak")));
  }

  private static Measurement row(String name, Figure figure) {
    return Measurement.alone(name, Unit.IMAGES_PER_SECOND, figure);
  }

  private static Measurement arithmetic(String name, Figure imagesPerSecond) {
    Figure figure =
        imagesPerSecond.isMeasured()
            ? Figure.of(imagesPerSecond.values().stream().map(v -> v * GFLOP_PER_IMAGE).toList())
            : imagesPerSecond;
    return Measurement.alone(name, Unit.GFLOP_PER_SECOND, figure);
  }

  private static List<float[]> noise(int count) {
    Random random = new Random(1);
    List<float[]> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] image = new float[SIZE * SIZE * 3];
      for (int j = 0; j < image.length; j++) {
        image[j] = 2 * random.nextFloat() - 1;
      }
      images.add(image);
    }
    return images;
  }
}
