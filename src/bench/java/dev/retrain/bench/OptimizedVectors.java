package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.image.decode.ImageDecoder;
import java.nio.file.Files;
import java.util.List;

/** Distance between the vectors of the optimized network and of the original graph. */
final class OptimizedVectors implements Measurements {
  @Override
  public String title() {
    return "Optimized vectors";
  }

  @Override
  public List<Measurement> measure(Setting setting) throws Exception {
    int count = setting.size(1000, 50);
    Backbone backbone = setting.mobileNet();
    double worst = 0;
    try (ImageDecoder decoder = new ImageDecoder(backbone.preprocessing());
        BackboneSession session = BackboneSession.singleThreaded(backbone);
        RawGraph raw =
            new RawGraph(
                backbone.graph(),
                backbone.input(),
                backbone.bottlenecks().get(0),
                backbone.preprocessing().height())) {
      for (ImageFile file : ImageFolder.scan(setting.images(count)).files()) {
        float[] image = decoder.decode(Files.readAllBytes(file.path()));
        worst = Math.max(worst, distance(session.vectors(List.of(image)), raw.vector(image)));
      }
    }
    return List.of(
        Measurement.alone(
                "Vectors of %,d images, distance from the original graph's, relative to their length"
                    .formatted(count),
                Unit.SHARE,
                Figure.of(List.of(worst)))
            .target(Target.oursAtMost(1e-4)));
  }

  private static double distance(float[] ours, float[] original) {
    if (ours.length != original.length) {
      throw new IllegalStateException(
          "vectors of %d and of %d values".formatted(ours.length, original.length));
    }
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < ours.length; i++) {
      difference += Math.pow((double) ours[i] - original[i], 2);
      norm += Math.pow(original[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
