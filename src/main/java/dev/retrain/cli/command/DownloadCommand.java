package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.cifar.CifarArchive;
import dev.retrain.dataset.cifar.CifarFolders;
import dev.retrain.dataset.cifar.CifarResult;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.job.dataset.ArchiveSource;
import dev.retrain.job.dataset.DownloadJob;
import dev.retrain.util.Json;
import dev.retrain.util.io.ByteSize;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrain download}. */
@Command(
    name = "download",
    header = "Get CIFAR-10 and write its images into a folder for each class.",
    description =
        "%nFetches the archive (170 MB) once, checks it, and writes its 60,000 images as PNG files"
            + " to train/<class>/ below the data directory, and to train2/<class>/ as second names"
            + " of the same files (hard links). An image is called b<batch>_<class>_<index>.png, or"
            + " bt_<class>_<index>.png if it is one of the 10,000 to test with; the index is its"
            + " place in the batch, from 0. What is there already is not written again, what is"
            + " damaged is put right, other files are left alone; ended at any moment, the command"
            + " goes on where it was.%n",
    footer = {
      "",
      "Examples:",
      "  retrain download",
      "  retrain download --archive cifar-10-binary.tar.gz",
      "  retrain download --url http://mirror.local/cifar-10-binary.tar.gz",
    })
public final class DownloadCommand extends RetrainCommand {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Where the archive is: an https:, http: or file: address. Default: its publisher's,"
              + " www.cs.toronto.edu.")
  private URI url;

  @Option(
      names = "--archive",
      paramLabel = "FILE",
      description =
          "An archive that is here already; nothing is fetched. It may be another than the"
              + " published one, if it is laid out in the same way.")
  private Path archive;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description =
          "The archive's SHA-256; another archive is refused. Default: the published one's; with"
              + " --archive, any.")
  private String sha256;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where the directories train and train2 are, or are made. Default: ${DEFAULT-VALUE}.")
  private Path dataDir = Path.of("data");

  @Option(
      names = "--download-dir",
      paramLabel = "DIR",
      description =
          "Where the archive is kept: with it, images that get lost come back without another"
              + " download. Default: ${DEFAULT-VALUE}.")
  private Path downloadDir = Path.of("tmp/download");

  @Option(names = "--no-copy", description = "Write train only, and leave out train2.")
  private boolean noCopy;

  private final DownloadSources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public DownloadCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  public ExitCode run() throws IOException {
    long start = System.nanoTime();
    ArchiveSource origin = origin();
    Path train = dataDir.resolve("train");
    Optional<Path> second = noCopy ? Optional.empty() : Optional.of(dataDir.resolve("train2"));
    loadTensorFlow();
    CifarResult result = new DownloadJob(origin, new CifarFolders(train, second)).run(progress());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (json()) {
      printJson(json(result, seconds));
    } else {
      print(result, train, second, seconds);
    }
    return ExitCode.OK;
  }

  private ArchiveSource origin() throws IOException {
    if (archive != null && url != null) {
      throw usage("--archive and --url exclude each other; give one of them");
    }
    if (archive != null && !Files.isRegularFile(archive)) {
      throw usage("--archive %s is not a file".formatted(archive));
    }
    RemoteFile published = sources.resolve(CifarArchive.PUBLISHED);
    try {
      if (sha256 != null) {
        published =
            new RemoteFile(
                published.name(), published.uri(), OptionalLong.empty(), Optional.of(sha256));
      }
      return archive == null
          ? new ArchiveSource.Remote(url == null ? published : published.at(url), downloadDir)
          : new ArchiveSource.Local(archive, published, sha256 != null);
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  private static ObjectNode json(CifarResult result, double seconds) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("images", result.images());
    node.put("bytes", result.bytes());
    node.put("written", result.written());
    node.put("already_there", result.alreadyThere());
    node.put("restored", result.restored().size());
    node.put("linked", result.linked());
    node.put("copied", result.copied());
    node.put("seconds", seconds);
    return node;
  }

  private void print(CifarResult result, Path train, Optional<Path> second, double seconds) {
    String where = train + second.map(path -> " and " + path).orElse("");
    if (result.nothingDone()) {
      line("Nothing to do: all %,d images are in %s already.", result.images(), where);
    } else {
      line(
          "%,d images (%s) are in %s: %,d written, %,d there already; %,d linked, %,d"
              + " copied; %.1f seconds.",
          result.images(),
          ByteSize.format(result.bytes()),
          where,
          result.written(),
          result.alreadyThere(),
          result.linked(),
          result.copied(),
          seconds);
    }
    out().flush();
  }
}
