package dev.retrain.backbone.savedmodel;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/** Chooses the meta graph for inference. */
final class MetaGraphs {
  private static final String SERVE = "serve";

  /** Tags of variants of a graph for training, or for other hardware. */
  private static final List<String> OTHERS = List.of("train", "tpu", "gpu");

  private MetaGraphs() {}

  /**
   * The meta graph with the tag {@code serve} and the fewest others; modules of TensorFlow Hub in
   * the format of TensorFlow 1 have one without tags.
   *
   * @param file name of the SavedModel in messages
   * @throws RetrainException if all are tagged for something else than inference
   */
  static MetaGraphDef choose(String file, SavedModel model) {
    List<MetaGraphDef> all = model.getMetaGraphsList();
    return all.stream()
        .filter(
            graph ->
                tags(graph).contains(SERVE)
                    || (all.size() == 1 && !tags(graph).contains("train"))
                    || tags(graph).stream().noneMatch(OTHERS::contains))
        .min(
            Comparator.<MetaGraphDef>comparingInt(graph -> tags(graph).contains(SERVE) ? 0 : 1)
                .thenComparingInt(graph -> tags(graph).size()))
        .orElseThrow(
            () ->
                new RetrainException(
                    "SavedModel %s has no graph with the tag '%s'; its graphs have the tags %s. Export"
                        + " the model for inference.",
                    file,
                    SERVE,
                    all.stream()
                        .map(graph -> tags(graph).stream().map(SafeText::quote).toList().toString())
                        .collect(Collectors.joining(" and "))));
  }

  private static List<String> tags(MetaGraphDef graph) {
    return graph.getMetaInfoDef().getTagsList();
  }
}
