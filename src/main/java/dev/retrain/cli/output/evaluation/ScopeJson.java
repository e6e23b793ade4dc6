package dev.retrain.cli.output.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.output.SkippedFilesJson;
import dev.retrain.dataset.Partition;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.job.evaluate.EvaluationScope;
import dev.retrain.util.Json;

/** What a model was evaluated on, as JSON. */
final class ScopeJson {
  private ScopeJson() {}

  /** Adds what was evaluated. */
  static void add(ObjectNode node, EvaluateResult report) {
    EvaluationScope data = report.data();
    node.put("directory", data.directory().toString());
    node.put("partition", data.partition().map(Partition::word).orElse("all"));
    node.put("own_directory", data.overlap().own());
    node.put("changed", data.overlap().changed());
    node.put("seen_known", data.overlap().known());
    for (Partition partition : Partition.values()) {
      node.put(partition.word() + "_images", data.counts().get(partition));
    }
    node.put("duplicates", data.overlap().duplicates());
    node.put("copies", data.overlap().copies());
    node.set("unknown_classes", Json.mapper().valueToTree(data.unknownClasses()));
    node.set("ignored_labels", Json.mapper().valueToTree(data.ignoredLabels()));
    node.set("missing_classes", Json.mapper().valueToTree(data.missingClasses()));
    node.set("skipped_images", SkippedFilesJson.toJson(report.skipped()));
    node.set("notices", Json.mapper().valueToTree(data.notices()));
  }
}
