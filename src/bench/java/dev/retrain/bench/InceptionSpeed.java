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
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

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
            .against("TensorFlow's matrix product", peak(rounds, "float32 peak"))
            .target(Target.ratioAtLeast(0.9)),
        arithmetic("Inception-V3 arithmetic, bfloat16", bfloat16)
            .against("TensorFlow's matrix product", peak(rounds, "bfloat16 peak")));
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

  /** The higher of the two figures. */
  private static Figure peak(Rounds rounds, String contender) {
    return Stream.of(Peak.TOGETHER, Peak.EACH)
        .map(way -> rounds.figure(contender, way))
        .reduce((a, b) -> !a.isMeasured() || a.median() >= b.median() ? a : b)
        .orElseThrow();
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

  /** ThroughputProbe.Estimate of matrix products. */
  private static final class Peak implements AutoCloseable {
    static final String TOGETHER = "one product on all cores";
    static final String EACH = "a product on each core";

    private final Class<? extends TFloating> type;
    private final int size;
    private final int times;
    private final List<MatrixProduct> products = new ArrayList<>();

    Peak(Setting setting, Class<? extends TFloating> type) {
      this.type = type;
      size = setting.size(2048, 256);
      times = setting.size(10, 2);
    }

    void measure(Rounds.Samples samples) throws Exception {
      if (products.isEmpty()) {
        products.add(new MatrixProduct(size, type, ConfigProto.getDefaultInstance()));
        for (int i = 0; i < EveryCore.COUNT; i++) {
          products.add(new MatrixProduct(size, type, MatrixProduct.oneThread()));
        }
      }
      Clock clock = Clock.start();
      samples.add(TOGETHER, products.get(0).multiply(times) / clock.seconds());
      List<Callable<Double>> work = new ArrayList<>();
      List<MatrixProduct> each = products.subList(1, products.size());
      each.forEach(product -> work.add(() -> product.multiply(times)));
      double seconds = EveryCore.seconds(work);
      double gflop = 2e-9 * size * size * size * times * each.size();
      samples.add(EACH, gflop / seconds);
    }

    @Override
    public void close() {
      products.forEach(MatrixProduct::close);
    }
  }
}
