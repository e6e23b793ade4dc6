package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.CachedBackbone;
import dev.retrain.bottleneck.cache.file.VectorCheck;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.util.Json;
import dev.retrain.util.io.ByteSize;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrain bottleneck info}. */
@Command(name = "info", header = "Show the number and size of the cached vectors of each backbone.")
public final class BottleneckInfoCommand extends RetrainCommand {
  @Option(
      names = "--bottleneck-dir",
      paramLabel = "DIR",
      description = "The cache directory. Default: ${DEFAULT-VALUE}.")
  private Path bottleneckDir = Path.of("tmp/bottleneck");

  @Option(
      names = "--verify-content",
      description =
          "Read every cached vector and check its checksum. By default, only vectors that are"
              + " missing from their file are reported.")
  private boolean verifyContent;

  /**
   * @param interruption requests to stop the command
   */
  public BottleneckInfoCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!BottleneckCache.exists(bottleneckDir)) {
      throw usage("--bottleneck-dir %s contains no cache", bottleneckDir);
    }
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir, verifyContent)) {
      if (json()) {
        printJson(json(cache));
      } else {
        print(cache);
      }
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(BottleneckCache cache) throws IOException {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("file", cache.file().toString());
    node.put("bytes", cache.size());
    node.put("images", cache.images());
    ArrayNode backbones = node.putArray("backbones");
    for (CachedBackbone entry : cache.entries()) {
      ObjectNode backbone = Json.mapper().valueToTree(entry);
      backbone.put("damaged", cache.check(entry.identity()).map(c -> c.damaged().size()).orElse(0));
      backbones.add(backbone);
    }
    return node;
  }

  private void print(BottleneckCache cache) throws IOException {
    line(
        "%s: %s, %s",
        cache.file().getParent(),
        ByteSize.format(cache.size()),
        Counted.of(cache.images(), "image file"));
    for (CachedBackbone entry : cache.entries()) {
      line(
          "  %s: %s of %s, %s",
          entry.name(),
          Counted.of(entry.vectors(), "vector"),
          Counted.of(entry.vectorLength(), "float"),
          ByteSize.format(entry.bytes()));
      line("    %s", entry.identity());
      if (entry.withoutImage() > 0) {
        line("    %,d of them were imported without images", entry.withoutImage());
      }
      Optional<VectorCheck> check = cache.check(entry.identity());
      if (check.isPresent() && !check.get().damaged().isEmpty()) {
        line(
            "    %,d of them are missing or damaged in %s; the next run computes them again",
            check.get().damaged().size(), check.get().file());
      }
    }
  }
}
