package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.image.SkippedFile;
import dev.retrain.testing.RecordedProgress;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** Extraction with image files that can't be read. */
class UnreadableImagesTest extends ExtractionFixture {
  @Test
  void unreadableImagesAreSkipped() throws Exception {
    writeImages(6);
    Files.writeString(image("dots_aaa.jpg"), "<html>404 Not Found</html>");
    try (FileChannel channel = FileChannel.open(image("waves_003.jpg"), StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
    Files.write(image("checks_zzz.png"), new byte[0]);
    ExtractionResult result = run();
    assertThat(result.skipped()).hasSize(3);
    assertSkipped(result.skipped().get(0), "checks_zzz.png", "empty");
    assertSkipped(result.skipped().get(1), "dots_aaa.jpg", "HTML");
    assertSkipped(result.skipped().get(2), "waves_003.jpg", "JPEG");
    assertCounts(result, 35, 0);
    assertThat(result.hashes()).hasSize(35).doesNotContainKey(image("waves_003.jpg"));
    assertVectorsAreCorrect(result, backbone, session);
  }

  @Test
  void brokenLinkIsSkipped() throws IOException {
    writeImages(3);
    Files.createSymbolicLink(image("dots_link.jpg"), directory.resolve("nowhere.jpg"));
    ExtractionResult result = run();
    assertCounts(result, 18, 0);
    assertThat(result.skipped())
        .containsExactly(
            new SkippedFile(
                image("dots_link.jpg"),
                "it is a link that leads to %s, which does not exist"
                    .formatted(directory.resolve("nowhere.jpg"))));
  }

  @Test
  void filesThatChangeAfterTheListingAreSkippedOrReadAsTheyAre() throws Exception {
    writeImages(4);
    ImageFolder folder = ImageFolder.scan(images);
    Files.delete(image("dots_000.jpg"));
    Files.delete(image("rings_000.jpg"));
    Files.createDirectory(image("rings_000.jpg"));
    Files.write(image("waves_001.jpg"), new byte[1000], StandardOpenOption.APPEND);
    try (BottleneckCache cache = new BottleneckCache(cacheDir)) {
      ExtractionResult result = Extraction.run(cache, backbone, folder, false, Progress.NONE);
      assertThat(result.skipped())
          .containsExactly(
              new SkippedFile(image("dots_000.jpg"), "it does not exist"),
              new SkippedFile(image("rings_000.jpg"), "it can't be read (is a directory)"));
      assertCounts(result, 22, 0);
      assertVectorsAreCorrect(result, backbone, session);
    }
  }

  @Test
  void repairedImageIsComputedInTheNextRun() throws IOException {
    writeImages(3);
    byte[] whole = Files.readAllBytes(image("rings_000.jpg"));
    Files.write(image("rings_000.jpg"), new byte[] {1, 2, 3});
    assertCounts(run(), 17, 0);
    Files.write(image("rings_000.jpg"), whole);
    assertCounts(run(), 1, 17);
  }

  @Test
  void socketIsSkipped() throws IOException {
    writeImages(3);
    Path socket = image("dots_socket.jpg");
    try (ServerSocketChannel open = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      open.bind(UnixDomainSocketAddress.of(socket));
      assertThat(run().skipped())
          .containsExactly(
              new SkippedFile(socket, "it can't be read (a pipe, a socket or a device)"));
    }
  }

  @Test
  void strictModeFailsOnAnUnreadableImage() throws IOException {
    writeImages(3);
    Files.writeString(image("dots_aaa.jpg"), "no image");
    RecordedProgress progress = new RecordedProgress(Long.MAX_VALUE);
    assertThatThrownBy(() -> run(true, progress))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(image("dots_aaa.jpg").toString());
    assertThat(progress.events()).last().isEqualTo("end");
  }

  @Test
  void moreThanATenthUnreadableIsReported() throws IOException {
    writeImages(3);
    Files.writeString(image("dots_aaa.jpg"), "no image");
    Files.writeString(image("dots_aab.jpg"), "no image");
    // Two of twenty are exactly a tenth.
    assertThat(run().skipped()).hasSize(2);
    Files.writeString(image("checks_aac.jpg"), "no image");
    assertThatThrownBy(this::run)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("3 of 21")
        .hasMessageContaining("checks_aac.jpg");
  }

  private void assertSkipped(SkippedFile skipped, String name, String reason) {
    assertThat(skipped.path()).isEqualTo(image(name));
    assertThat(skipped.reason()).contains(reason);
  }
}
