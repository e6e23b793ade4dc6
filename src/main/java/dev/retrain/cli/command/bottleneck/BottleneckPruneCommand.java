package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.CachePruning;
import dev.retrain.bottleneck.cache.CachePruning.Pruned;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrain bottleneck prune}. */
@Command(
    name = "prune",
    header = "Delete unreferenced vectors from the cache.",
    description =
        "%nRemoves the entries of deleted image files, deletes the vectors that no image refers to,"
            + " and frees their disk space. If a whole folder is missing, its disk may not be"
            + " mounted; the command then requires --force.%n")
public final class BottleneckPruneCommand extends RetrainCommand {
  @Option(
      names = "--bottleneck-dir",
      paramLabel = "DIR",
      description = "The cache directory. Default: ${DEFAULT-VALUE}.")
  private Path bottleneckDir = Path.of("tmp/bottleneck");

  @Option(
      names = "--imported",
      description = "Also delete the vectors that were imported without images.")
  private boolean imported;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Show what would be deleted, and delete nothing.")
  private boolean dryRun;

  @Option(
      names = {"-f", "--force"},
      description = "Treat the images of missing folders as deleted.")
  private boolean force;

  /**
   * @param interruption requests to stop the command
   */
  public BottleneckPruneCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!BottleneckCache.exists(bottleneckDir)) {
      throw usage("--bottleneck-dir %s contains no cache", bottleneckDir);
    }
    CachePruning.Options options = new CachePruning.Options(imported, dryRun, force);
    CachePruning.Result result;
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      result = CachePruning.run(cache, options, progress());
    }
    print(result);
    return ExitCode.OK;
  }

  private void print(CachePruning.Result result) throws IOException {
    Pruned pruned = result.pruned();
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("dry_run", dryRun);
      node.put("images", pruned.images());
      node.put("vectors", pruned.vectors());
      node.put("bytes", pruned.bytes());
      node.put("backbones", pruned.backbones());
      node.put("freed_bytes", result.freed());
      ArrayNode folders = node.putArray("missing_folders");
      result.missingFolders().forEach(folder -> folders.add(folder.toString()));
      printJson(node);
      return;
    }
    line(
        "%s: entries of %s, %s (%s), %s without vectors.",
        dryRun ? "Would be deleted" : "Deleted from " + bottleneckDir,
        Counted.of(pruned.images(), "deleted image"),
        Counted.of(pruned.vectors(), "vector"),
        Counted.of(pruned.bytes(), "byte"),
        Counted.of(pruned.backbones(), "backbone"));
    if (!dryRun) {
      line("%s of disk space freed.", Counted.of(result.freed(), "byte"));
    } else if (!result.missingFolders().isEmpty()) {
      line(
          "Missing: %s, the first one is %s. Deleting the entries requires --force.",
          Counted.of(result.missingFolders().size(), "whole folder"),
          result.missingFolders().get(0));
    }
  }
}
