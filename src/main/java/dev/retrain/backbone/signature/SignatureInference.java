package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.graph.GraphPruner;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.graph.TensorNames;
import dev.retrain.backbone.signature.FeatureInference.Features;
import dev.retrain.backbone.signature.InputInference.Input;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.backbone.signature.range.RangeInference;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Infers what a signature leaves open about a frozen graph: the input, the feature tensors, the
 * size of images and the range of their values. What was inferred is logged.
 *
 * @param file name of the graph in messages
 * @param graph the graph
 * @param outputs its outputs, if they are known; empty if they are inferred, too
 * @param hubConvention whether the network follows TF Hub's convention: values from 0 to 1
 * @param trusted whether the graph may run whatever its ops are
 * @param sample the user's images, which are read only where the graph alone doesn't say the range
 */
public record SignatureInference(
    String file,
    GraphDef graph,
    List<String> outputs,
    boolean hubConvention,
    boolean trusted,
    ImageSample sample) {
  private static final Normalization DEFAULT = Normalization.of(127.5f, 127.5f);
  private static final Normalization BYTES = Normalization.of(0, 1);

  private static final Logger LOG = LoggerFactory.getLogger(SignatureInference.class);

  public SignatureInference {
    outputs = List.copyOf(outputs);
  }

  /** A frozen graph that says nothing about its outputs and its convention. */
  public SignatureInference(String file, GraphDef graph, boolean trusted, ImageSample sample) {
    this(file, graph, List.of(), false, trusted, sample);
  }

  /**
   * Completes a signature.
   *
   * @param signature the values that the user specified
   * @throws RetrainException if an absent value can't be inferred, or the graph lacks a specified
   *     tensor; the message lists candidates
   * @throws IOException if the images can't be listed
   */
  public NetworkSignature complete(GraphSignature signature) throws IOException {
    signature.input().ifPresent(tensor -> checkExists(Setting.INPUT, tensor, placeholders()));
    NetworkNodes nodes = new NetworkNodes(graph);
    List<String> given = checked(signature.bottlenecks());
    List<String> ends =
        given.isEmpty() ? List.of(output(nodes, signature.input())) : FeatureTensor.tensors(given);
    Input found =
        new InputInference(file, GraphPruner.keep(graph, ends).getNodeList())
            .find(signature.input());
    GraphSignature.Size size =
        signature.size().or(found.shape()::size).orElseThrow(() -> unknownSize(found.tensor()));
    GraphDef usable = graph;
    String input = found.tensor();
    if (found.mustBeConverted()) {
      ByteInput converted = ByteInput.convert(graph, found.bytes().orElseThrow());
      usable = converted.graph();
      input = converted.input();
    }
    List<String> inferred = new ArrayList<>();
    List<String> bottlenecks = given;
    if (given.isEmpty()) {
      LayerShapes shapes = LayerShapes.infer(file, usable, input, size, ends, trusted);
      Features features =
          new FeatureInference(file, new NetworkNodes(usable), input, ends.get(0), shapes)
              .find(signature.features());
      bottlenecks = features.tensors();
      inferred.add(features.reason());
    }
    Normalization normalization =
        normalization(signature, new NetworkInput(usable, input, size, found.bytes()), inferred);
    inferred.forEach(LOG::info);
    return new NetworkSignature(
        usable,
        input,
        bottlenecks,
        new Preprocessing(size.height(), size.width(), normalization),
        inferred);
  }

  /** What the range of values depends on. */
  private record NetworkInput(
      GraphDef graph, String tensor, GraphSignature.Size size, Optional<NodeDef> bytes) {}

  private Normalization normalization(
      GraphSignature signature, NetworkInput input, List<String> inferred) throws IOException {
    boolean bytes = input.bytes().isPresent();
    Preprocessing size = new Preprocessing(input.size().height(), input.size().width(), BYTES);
    RangeInference.Choice choice =
        new RangeInference(
                file, input.graph(), input.tensor(), bytes, hubConvention, trusted, sample)
            .choose(signature.colors(), bytes ? BYTES : DEFAULT, size);
    choice.reason().ifPresent(inferred::add);
    choice.warning().ifPresent(LOG::warn);
    return choice.normalization();
  }

  /**
   * Checks the names of feature tensors.
   *
   * @param bottlenecks the feature tensors, in the form of {@link FeatureTensor}
   * @return the same with explicit indexes
   * @throws RetrainException if the graph lacks one
   */
  public List<String> checked(List<String> bottlenecks) {
    List<String> normalized = bottlenecks.stream().map(SignatureInference::normalized).toList();
    FeatureTensor.tensors(normalized)
        .forEach(
            tensor -> checkExists(Setting.BOTTLENECK_TENSOR, tensor, lastOf(FeatureInference.OPS)));
    return normalized;
  }

  private String output(NetworkNodes nodes, Optional<String> input) {
    if (outputs.size() > 1) {
      throw new RetrainException(
          "%s has %s. Set %s to one of them%s.",
          file,
          Counted.of(outputs.size(), "output"),
          Setting.BOTTLENECK_TENSOR,
          InputInference.candidates(outputs));
    }
    return outputs.stream()
        .findFirst()
        .or(() -> new OutputInference(nodes).find(input))
        .orElseThrow(
            () ->
                new RetrainException(
                    "%s has no output that could be features. Set %s to the tensor that holds the"
                        + " features%s.",
                    file,
                    Setting.BOTTLENECK_TENSOR,
                    InputInference.candidates(lastOf(FeatureInference.OPS))));
  }

  private static String normalized(String bottleneck) {
    try {
      return FeatureTensor.parse(bottleneck).toString();
    } catch (IllegalArgumentException e) {
      throw new RetrainException(
          e, "Invalid value of %s: %s.", Setting.BOTTLENECK_TENSOR, e.getMessage());
    }
  }

  private RetrainException unknownSize(String input) {
    return new RetrainException(
        "%s does not specify a usable size of the images at %s. Set %s to height and width.",
        file, SafeText.quote(input), Setting.SIZE);
  }

  private void checkExists(Setting setting, String tensor, List<String> candidates) {
    if (node(TensorNames.operation(tensor)).isEmpty()) {
      throw new RetrainException(
          "%s has no operation '%s', which %s refers to%s.",
          file, TensorNames.operation(tensor), setting, InputInference.candidates(candidates));
    }
  }

  private Optional<NodeDef> node(String name) {
    return graph.getNodeList().stream().filter(node -> node.getName().equals(name)).findFirst();
  }

  private List<String> placeholders() {
    return graph.getNodeList().stream()
        .filter(node -> node.getOp().equals("Placeholder") && isFloat(node, "dtype"))
        .filter(node -> InputShape.of(node).canBeImages())
        .map(node -> node.getName() + ":0")
        .toList();
  }

  private static boolean isFloat(NodeDef node, String attribute) {
    return NodeDefs.type(node, attribute) == DataType.DT_FLOAT;
  }

  /** The first outputs of the last nodes with these ops, in reverse order. */
  private List<String> lastOf(Set<String> ops) {
    List<String> all =
        graph.getNodeList().stream()
            .filter(node -> ops.contains(node.getOp()) && isFloat(node, "T"))
            .map(node -> node.getName() + ":0")
            .toList();
    return Stream.iterate(all.size() - 1, i -> i >= 0, i -> i - 1)
        .limit(InputInference.MAX_CANDIDATES)
        .map(all::get)
        .toList();
  }
}
