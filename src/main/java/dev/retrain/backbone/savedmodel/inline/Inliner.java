package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.savedmodel.inline.Scope.Output;
import dev.retrain.backbone.savedmodel.inline.Value.Tensor;
import dev.retrain.util.RetrainException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Replaces the function calls of a graph by the nodes of the functions. Reading a variable becomes
 * a constant, conditions on constants are decided, and control inputs are removed: nothing in a
 * network for inference has an effect. Nothing is run.
 */
public final class Inliner {
  private final String file;
  private final Library library;
  private final Scope main;
  private final Body body = new Body(List.of());
  private final Map<Output, Value> fed = new HashMap<>();
  private int version;

  /**
   * @param file name of the SavedModel in messages
   * @param nodes nodes of the main graph
   * @param functions functions that they can call
   */
  public Inliner(String file, List<NodeDef> nodes, List<FunctionDef> functions) {
    this.file = file;
    main = Scope.main(nodes);
    library = new Library(nodes, functions);
  }

  /**
   * Replaces a tensor of the main graph by a placeholder of float32 values, converted to its type.
   *
   * @param tensor {@code name:index}
   * @param type type of the tensor
   * @param shape shape of the placeholder
   * @return name of the placeholder
   */
  public String feed(String tensor, DataType type, TensorShapeProto shape) {
    Output output = main.output(tensor, library.outputs());
    String name = body.freshName(output.node());
    boolean converted = type != DataType.DT_FLOAT && type != DataType.DT_STRING;
    body.add(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Placeholder")
            .putAttr("dtype", NodeDefs.type(converted ? DataType.DT_FLOAT : type))
            .putAttr("shape", AttrValue.newBuilder().setShape(shape).build())
            .build());
    fed.put(output, new Tensor(converted ? converted(name, type) : name));
    return name;
  }

  private String converted(String name, DataType type) {
    String values = name;
    if (type == DataType.DT_UINT8) {
      values = body.freshName(name + "/rounded");
      body.add(NodeDefs.floats(values, "Round", name).build());
    }
    return cast(name + "/cast", values, DataType.DT_FLOAT, type);
  }

  private String cast(String preferred, String tensor, DataType from, DataType to) {
    String name = body.freshName(preferred);
    body.add(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Cast")
            .addInput(tensor)
            .putAttr("SrcT", NodeDefs.type(from))
            .putAttr("DstT", NodeDefs.type(to))
            .build());
    return name;
  }

  /**
   * The graph that computes tensors of the main graph.
   *
   * @param outputs tensors of the main graph, {@code name:index}, with their types
   * @return the graph, and the names of the tensors in it; half-precision tensors are converted to
   *     float32
   * @throws RetrainException if the graph is malformed, or uses variables in an unsupported way
   */
  public InlinedGraph inline(Map<String, DataType> outputs) {
    return checked(
        () -> {
          Resolver resolver = new Resolver(library, body, fed);
          Map<String, String> names = new LinkedHashMap<>();
          outputs.forEach((tensor, type) -> names.put(tensor, output(resolver, tensor, type)));
          GraphDef.Builder graph = GraphDef.newBuilder().addAllNode(body.nodes());
          graph.getVersionsBuilder().setProducer(version);
          graph.getLibraryBuilder().addAllFunction(library.kept());
          return new InlinedGraph(graph.build(), names).withShortNames(placeholders());
        });
  }

  /** Sets the version of the graph's producer, which some ops depend on. */
  public Inliner withProducer(int producer) {
    version = producer;
    return this;
  }

  private List<String> placeholders() {
    return body.nodes().stream()
        .filter(node -> node.getOp().equals("Placeholder"))
        .map(NodeDef::getName)
        .toList();
  }

  private String output(Resolver resolver, String tensor, DataType type) {
    Value value = resolver.resolve(main.output(tensor, library.outputs()));
    if (!(value instanceof Tensor computed)) {
      throw new IllegalArgumentException("output '%s' is not computed".formatted(tensor));
    }
    return type == DataType.DT_HALF || type == DataType.DT_BFLOAT16
        ? cast(
            computed.name().replace(':', '_') + "/float32",
            computed.name(),
            type,
            DataType.DT_FLOAT)
        : computed.name();
  }

  private <T> T checked(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new RetrainException(
          e, "SavedModel %s can't be used: %s. Export the model again.", file, e.getMessage());
    }
  }
}
