package dev.retrain.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.model.ModelMetadata.Metrics;
import dev.retrain.model.ModelMetadata.TrainingRun;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.model.TrainedModel;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.model.data.DataOrigin.SplitOrigin;
import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import dev.retrain.util.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A model with the built-in backbone and random weights. */
public final class SampleModel {
  public static final List<String> LABELS = List.of("Tulip", "daisy (wild)", "Löwenzahn 蒲公英");

  private SampleModel() {}

  public static Backbone backbone() throws IOException {
    return BackboneLoader.load(
        BackboneRegistry.find(BackboneRegistry.SCATTERING).orElseThrow(),
        FeatureSet.LAST,
        Path.of("no-model-directory"));
  }

  public static TrainedModel model(String outputName) throws IOException {
    return model(backbone(), outputName);
  }

  public static TrainedModel model(Backbone backbone, String outputName) {
    int inputs;
    try (BackboneSession session = new BackboneSession(backbone)) {
      inputs = session.vectorLength();
    }
    Random random = new Random(5);
    float[] weights = new float[inputs * LABELS.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (0.05 * random.nextGaussian());
    }
    JsonNode options =
        Json.mapper().createObjectNode().put("iterations", 20).put("learning-rate", 0.01);
    return TrainedModel.builder()
        .backbone(Optional.of(backbone))
        .head(
            new Head(
                new DenseWeights(
                    inputs, LABELS.size(), weights, new float[] {0.25f, -0.5f, 0.125f})))
        .labels(LABELS)
        .outputName(outputName)
        .data(
            new DataOrigin(
                "images",
                "ab12",
                18,
                List.of("daisy (wild)/torn.jpg"),
                new SplitOrigin(15, 10, "t_*"),
                12,
                3,
                3,
                List.of(),
                null))
        .options(options)
        .training(new TrainingRun(7, "logs"))
        .metrics(new Metrics(0.75, 4, 0.5, 0.875, 10, 20, null))
        .versions(new Versions("0.1.0", "2.18.0", "17"))
        .build();
  }
}
