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
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrain bottleneck prune}. */
@Command(
    name = "prune",
    header = "Take out of the cache what no image needs any more.",
    description =
        "%nForgets images whose files are gone, then takes out the vectors that no image refers"
            + " to, and gives their space back to the disk. Where a whole folder is gone, a disk"
            + " may not be mounted: then nothing is done without --force.%n")
public final class BottleneckPruneCommand extends RetrainCommand {
  @Option(
      names = "--bottleneck-dir",
      paramLabel = "DIR",
      description = "The cache directory. Default: ${DEFAULT-VALUE}.")
  private Path bottleneckDir = Path.of("tmp/bottleneck");

  @Option(
      names = "--imported",
      description = "Take out the vectors that were imported without images, too.")
  private boolean imported;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Say what would go, and leave it.")
  private boolean dryRun;

  @Option(
      names = {"-f", "--force"},
      description = "Believe that folders which are not there are gone for good.")
  private boolean force;

  /**
   * @param interruption the user's wish to stop
   */
  public BottleneckPruneCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  public ExitCode run() throws IOException {
    if (!BottleneckCache.exists(bottleneckDir)) {
      throw usage("--bottleneck-dir %s holds no cache".formatted(bottleneckDir));
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
        "%s: %,d images that are gone, %,d vectors (%,d bytes), %,d networks without vectors.",
        dryRun ? "Would go" : "Gone from " + bottleneckDir,
        pruned.images(),
        pruned.vectors(),
        pruned.bytes(),
        pruned.backbones());
    if (!dryRun) {
      line("%,d bytes are back on the disk.", result.freed());
    } else if (!result.missingFolders().isEmpty()) {
      line(
          "%,d folders are gone as a whole, %s the first: that takes --force.",
          result.missingFolders().size(), result.missingFolders().get(0));
    }
    out().flush();
  }
}
