package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.Json;
import java.util.List;

/** The JSON of files that were skipped: path and reason of each. */
public final class SkippedFilesJson {
  private SkippedFilesJson() {}

  public static ArrayNode toJson(List<SkippedFile> files) {
    ArrayNode list = Json.mapper().createArrayNode();
    files.forEach(
        file -> list.addObject().put("path", file.path().toString()).put("reason", file.reason()));
    return list;
  }
}
