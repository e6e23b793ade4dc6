package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ExecutionConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * ThroughputProbe.Estimate by batch size, from which {@link ExecutionConfig#onCores} was chosen.
 */
final class BatchSizes implements Measurements {
  private static final List<Integer> SIZES = List.of(2, 8, 32);
  private static final String RATE = "rate";

  @Override
  public String title() {
    return "Batch sizes";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    Backbone backbone = setting.mobileNet();
    float[] image = new float[backbone.preprocessing().imageLength()];
    int images = setting.size(512, 32);
    List<Measurement> rows = new ArrayList<>();
    try (EveryCaller callers = new EveryCaller(backbone)) {
      Rounds rounds = new Rounds();
      for (int size : SIZES) {
        List<float[]> batch = Collections.nCopies(size, image);
        rounds =
            rounds.with(
                String.valueOf(size),
                samples -> samples.add(RATE, callers.imagesPerSecond(batch, images / size)));
      }
      rounds.warmUp().run(setting.size(5, 1));
      for (int size : SIZES) {
        rows.add(
            Measurement.alone(
                "MobileNet v1 0.25 alone, batches of %d".formatted(size),
                Unit.IMAGES_PER_SECOND,
                rounds.figure(String.valueOf(size), RATE)));
      }
    }
    return rows;
  }
}
