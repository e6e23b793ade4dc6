package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.UsageErrors;
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
import dev.retrain.util.text.Counted;
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
    header = "Download CIFAR-10 and write its images into one folder per class.",
    description =
        "%nDownloads the archive (170 MB) once, verifies it, and writes its 60,000 images as PNG"
            + " files to train/<class>/ in the data directory, and as hard links to train2/<class>/."
            + " Training images are named b<batch>_<class>_<index>.png, the 10,000 test images"
            + " bt_<class>_<index>.png; the index is the position in the batch, from 0. Existing"
            + " images are kept, damaged ones are restored, and other files are not touched. An"
            + " interrupted download resumes.%n",
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
          "The archive's URL (https:, http: or file:). Default: that of its publisher,"
              + " www.cs.toronto.edu.")
  private URI url;

  @Option(
      names = "--archive",
      paramLabel = "FILE",
      description =
          "A local archive to use instead of a download. It may differ from the published one, if it"
              + " has the same layout.")
  private Path archive;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description =
          "The expected SHA-256 of the archive. Default: that of the published archive; with"
              + " --archive, it is not checked.")
  private String sha256;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "The directory in which train and train2 are created. Default: ${DEFAULT-VALUE}.")
  private Path dataDir = Path.of("data");

  @Option(
      names = "--download-dir",
      paramLabel = "DIR",
      description =
          "The directory in which the archive is kept, so that lost images can be restored without"
              + " another download. Default: ${DEFAULT-VALUE}.")
  private Path downloadDir = Path.of("tmp/download");

  @Option(names = "--no-copy", description = "Write train only, not train2.")
  private boolean noCopy;

  private final DownloadSources sources;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public DownloadCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  protected ExitCode run() throws IOException {
    long start = System.nanoTime();
    ArchiveSource source = source();
    Path train = dataDir.resolve("train");
    Optional<Path> second = noCopy ? Optional.empty() : Optional.of(dataDir.resolve("train2"));
    loadTensorFlow();
    CifarResult result = new DownloadJob(source, new CifarFolders(train, second)).run(progress());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (json()) {
      printJson(json(result, seconds));
    } else {
      print(result, train, second, seconds);
    }
    return ExitCode.OK;
  }

  private ArchiveSource source() throws IOException {
    if (archive != null && url != null) {
      throw usage("--archive cannot be combined with --url");
    }
    if (archive != null && !Files.isRegularFile(archive)) {
      throw usage("--archive %s is not a file", archive);
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
      throw UsageErrors.create(spec(), e);
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
      line("Nothing to do: %s of %s exist already.", Counted.of(result.images(), "image"), where);
    } else {
      line(
          "%s (%s) in %s: %,d written, %,d already existed; %,d linked, %,d copied; %.1f s.",
          Counted.of(result.images(), "image"),
          ByteSize.format(result.bytes()),
          where,
          result.written(),
          result.alreadyThere(),
          result.linked(),
          result.copied(),
          seconds);
    }
  }
}
