package dev.retrain.cli.output.describe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.describe.GraphDescription;
import dev.retrain.backbone.describe.GraphDescription.Block;
import dev.retrain.backbone.describe.SavedModelDescription;
import dev.retrain.backbone.describe.TensorDescription;
import dev.retrain.image.Normalization;
import dev.retrain.job.describe.Description;
import dev.retrain.job.describe.Description.Use;
import dev.retrain.util.Json;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A description as JSON.
 *
 * @param description what is described
 * @param settings the names of settings in messages
 */
public record DescriptionJson(Description description, Function<Setting, String> settings) {
  public ObjectNode json() {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("name", description.name());
    node.put("kind", description.graph().isPresent() ? "frozen_graph" : "saved_model");
    description.savedModel().ifPresent(model -> add(node.putArray("graphs"), model));
    description.graph().ifPresent(graph -> add(node, graph));
    if (description.graph().isPresent()) {
      node.put("refused", description.refusal().map(e -> e.message(settings)).orElse(null));
      add(node.putObject("backbone"), description.backbone(), this::addBackbone);
      add(
          node.putObject("fine_tuning"),
          description.fineTuning(),
          (target, tuning) ->
              target
                  .put("blocks", tuning.blocks())
                  .put("parameters", tuning.parameters())
                  .put("default_blocks", tuning.defaultBlocks())
                  .put("default_parameters", tuning.defaultParameters()));
      add(
          node.putObject("model"),
          description.model(),
          (target, summary) -> target.put("summary", summary));
    }
    node.put("written", description.written().map(Path::toString).orElse(null));
    return node;
  }

  private <T> void add(ObjectNode node, Use<T> use, BiConsumer<ObjectNode, T> adder) {
    use.value().ifPresent(value -> adder.accept(node, value));
    node.put("problem", use.problem().map(e -> e.message(settings)).orElse(null));
  }

  private void addBackbone(ObjectNode node, Backbone backbone) {
    node.put("input", backbone.input());
    node.put("height", backbone.preprocessing().height());
    node.put("width", backbone.preprocessing().width());
    Normalization normalization = backbone.preprocessing().normalization();
    node.set("mean", Json.mapper().valueToTree(normalization.mean()));
    node.set("std", Json.mapper().valueToTree(normalization.std()));
    node.put("channels", normalization.channels().toString());
    node.set("bottlenecks", Json.mapper().valueToTree(backbone.bottlenecks()));
  }

  private static void add(ObjectNode node, GraphDescription graph) {
    node.put("nodes", graph.nodes());
    node.put("functions", graph.functions());
    node.put("parameters", graph.parameters());
    node.put("multiply_adds", graph.multiplyAdds());
    node.put("flops", 2 * graph.multiplyAdds());
    node.set("uncounted", Json.mapper().valueToTree(graph.uncounted()));
    node.put("shapes_problem", graph.shapesProblem().orElse(null));
    add(node.putArray("inputs"), graph.inputs());
    add(node.putArray("outputs"), graph.outputs());
    add(node.putArray("features"), graph.features());
    ArrayNode blocks = node.putArray("blocks");
    for (Block block : graph.blocks()) {
      ObjectNode one = add(blocks.addObject(), block.end());
      one.put("layers", block.layers());
      one.put("parameters", block.parameters());
      one.put("multiply_adds", block.multiplyAdds());
    }
    node.set("ops", Json.mapper().valueToTree(graph.ops()));
  }

  private static void add(ArrayNode array, SavedModelDescription model) {
    for (SavedModelDescription.Graph graph : model.graphs()) {
      ObjectNode node = array.addObject();
      node.set("tags", Json.mapper().valueToTree(graph.tags()));
      node.put("tensorflow", graph.tensorflow());
      node.put("nodes", graph.nodes());
      node.put("functions", graph.functions());
      node.set("ops", Json.mapper().valueToTree(graph.ops()));
      ObjectNode signatures = node.putObject("signatures");
      graph
          .signatures()
          .forEach(
              (name, signature) -> {
                ObjectNode one = signatures.putObject(name);
                add(one.putObject("inputs"), signature.inputs());
                add(one.putObject("outputs"), signature.outputs());
              });
    }
  }

  private static void add(ObjectNode node, Map<String, TensorDescription> tensors) {
    tensors.forEach((key, tensor) -> add(node.putObject(key), tensor));
  }

  private static void add(ArrayNode array, List<TensorDescription> tensors) {
    tensors.forEach(tensor -> add(array.addObject(), tensor));
  }

  private static ObjectNode add(ObjectNode node, TensorDescription tensor) {
    node.put("tensor", tensor.name());
    node.put("type", tensor.type());
    node.set("shape", Json.mapper().valueToTree(tensor.shape().orElse(null)));
    return node;
  }
}
