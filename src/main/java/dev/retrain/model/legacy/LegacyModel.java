package dev.retrain.model.legacy;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.backbone.format.GraphFile;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.guard.GraphGuard;
import dev.retrain.backbone.rewrite.GraphPasses;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;

/**
 * A model without metadata.
 *
 * @param graph the nodes that the output depends on, for batches of any size
 * @param backbone the network before the last dense layer
 * @param output the probabilities, {@code name:0}
 * @param vector where feature vectors can be fed, {@code name:index}
 * @param vectorLength floats per vector
 * @param labels the classes
 * @param summary one line for the user: what was inferred
 */
public record LegacyModel(
    GraphDef graph,
    Backbone backbone,
    String output,
    String vector,
    int vectorLength,
    List<String> labels,
    String summary) {
  public LegacyModel {
    labels = List.copyOf(labels);
  }

  /**
   * Reads a graph and its labels, and infers the rest. Nothing is run.
   *
   * @param file a frozen graph
   * @param hints what the user says about it
   * @param trusted whether the graph may run whatever its ops are
   * @throws RetrainException if a file is missing or damaged, something can't be inferred, or the
   *     number of labels is not that of the outputs
   * @throws IOException if a file can't be read
   */
  public static LegacyModel read(Path file, ModelHints hints, boolean trusted) throws IOException {
    GraphFile content = GraphFile.read(file, Expected.TRAINED_MODEL);
    return infer(file, content, hints, trusted);
  }

  private static LegacyModel infer(Path file, GraphFile content, ModelHints hints, boolean trusted)
      throws IOException {
    String name = file.toString();
    if (hints.firstGiven().isEmpty() && isOwn(content.graph())) {
      throw new RetrainException(
          "%s was written by this tool, but its metadata %s doesn't exist. Restore it or train again,"
              + " or set %s to use the model without it.",
          file, file.resolveSibling(LabelsFile.stem(file) + ".json"), Setting.LABELS);
    }
    // Checked before the passes that change it, which need a well-formed graph.
    GraphGuard.check(name, content.graph(), trusted);
    ClassifierHead head =
        ClassifierHead.find(name, new GraphIndex(content.graph(), Set.of()), hints.output());
    GraphDef graph = prepare(content.graph(), head.output());
    ImageTensor images =
        ImageTensor.infer(new GraphIndex(graph, Set.of()), hints.input()).with(hints);
    Backbone backbone =
        BackboneLoader.infer(
                name,
                new GraphFile(graph, content.sha256()),
                new GraphSignature(
                    images.tensor(),
                    List.of(head.feature()),
                    images.size(),
                    images.mean(),
                    images.std()))
            .withTrustedGraph(trusted);
    Path labelsFile = hints.labels().or(() -> LabelsFile.find(file)).orElseThrow(() -> none(file));
    LabelsFile labels = LabelsFile.read(labelsFile);
    int length = length(file, head, labels);
    return new LegacyModel(
        backbone.graph(),
        backbone,
        head.output(),
        head.vector(),
        length,
        labels.labels(),
        summary(file, head, backbone, images.reason(), labels));
  }

  /**
   * Whether this tool wrote the graph. Then the training may have been interrupted before it wrote
   * the labels that belong to the graph.
   */
  private static boolean isOwn(GraphDef graph) {
    return graph.getNodeList().stream()
        .anyMatch(node -> node.getName().equals(BackboneGraph.VECTOR));
  }

  /**
   * The part of a graph that computes an output, for batches of any size.
   *
   * @param graph a frozen graph
   * @param output {@code name:index}
   */
  public static GraphDef prepare(GraphDef graph, String output) {
    return GraphPruner.keep(
        GraphPasses.unfixBatchDimension(GraphPruner.keep(graph, List.of(output))), List.of(output));
  }

  private static RetrainException none(Path file) {
    return new RetrainException(
        "%s has neither metadata nor labels beside it: a model of this tool has a JSON file of the"
            + " same name, and one of retrain.py one of %s. Restore the file, or set %s to a file"
            + " with one class per line.",
        file, LabelsFile.searched(file), Setting.LABELS);
  }

  private static int length(Path file, ClassifierHead head, LabelsFile labels) {
    int count = labels.labels().size();
    Optional<List<Long>> weights = head.weights();
    if (weights.isPresent() && weights.get().get(1) != count) {
      throw new RetrainException(
          "%s has %,d labels, but the output %s of %s has %,d. Set %s to the labels of this model.",
          labels.file(),
          count,
          SafeText.quote(head.output()),
          file,
          weights.get().get(1),
          Setting.LABELS);
    }
    return weights
        .map(shape -> Math.toIntExact(Math.min(shape.get(0), Integer.MAX_VALUE)))
        .orElse(count);
  }

  private static String summary(
      Path file, ClassifierHead head, Backbone backbone, String reason, LabelsFile labels) {
    Preprocessing images = backbone.preprocessing();
    return String.format(
        Locale.ROOT,
        "%s has no metadata; inferred: input %s, images of %d x %d, %s (%s), output"
            + " %s, %,d labels in %s.",
        file,
        SafeText.quote(backbone.input()),
        images.height(),
        images.width(),
        images.normalization(),
        reason,
        SafeText.quote(head.output()),
        labels.labels().size(),
        labels.file());
  }
}
