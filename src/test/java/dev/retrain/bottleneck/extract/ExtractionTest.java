package dev.retrain.bottleneck.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.ImageDecoder;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.SkippedFile;
import dev.retrain.testing.RecordedProgress;
import dev.retrain.testing.Scattering;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractionTest {
  private static final int BATCH = ExecutionConfig.onCores().batch();

  private static Backbone backbone;
  private static BackboneSession session;

  @TempDir private Path directory;
  private Path images;
  private Path cacheDir;

  @BeforeAll
  static void loadNetwork() throws IOException {
    backbone = Scattering.load(FeatureSet.LAST);
    session = new BackboneSession(backbone);
  }

  @AfterAll
  static void closeNetwork() {
    session.close();
  }

  @BeforeEach
  void name() {
    images = directory.resolve("images");
    cacheDir = directory.resolve("cache");
  }

  /** Draws six classes of images. */
  private void draw(int perClass) throws IOException {
    SampleImages.write(images, perClass, 1, Progress.NONE);
  }

  private ExtractionResult run(boolean strict, Progress progress) throws IOException {
    return run(images, backbone, strict, progress);
  }

  private ExtractionResult run() throws IOException {
    return run(false, Progress.NONE);
  }

  private ExtractionResult run(Path folder, Backbone network, boolean strict, Progress progress)
      throws IOException {
    try (BottleneckCache cache = new BottleneckCache(cacheDir)) {
      return Extraction.run(cache, network, ImageFolder.scan(folder), strict, progress);
    }
  }

  private static void assertCounts(ExtractionResult result, int computed, int reused) {
    assertThat(List.of(result.computed(), result.reused())).containsExactly(computed, reused);
    assertThat(result.readable()).hasSize(computed + reused);
  }

  /** Every vector the result names is what the network gives for that file alone. */
  private void assertVectorsAreRight(
      ExtractionResult result, Backbone network, BackboneSession running) throws Exception {
    int length = running.vectorLength();
    try (BottleneckCache cache = new BottleneckCache(cacheDir);
        ImageDecoder decoder = new ImageDecoder(network.preprocessing());
        VectorReader reader = cache.reader(cache.find(network.identity()).orElseThrow())) {
      for (ImageFile file : result.readable()) {
        byte[] content = Files.readAllBytes(file.path());
        assertThat(result.hashes()).containsEntry(file.path(), ContentHash.of(content));
        float[] cached = new float[length];
        assertThat(reader.read(ContentHash.of(content), cached, 0)).isTrue();
        assertThat(cached)
            .containsExactly(running.vectors(List.of(decoder.decode(content))), within(1e-4f));
      }
    }
  }

  private Path image(String name) {
    return images.resolve(name.substring(0, name.indexOf('_'))).resolve(name);
  }

  @Test
  void everyImageGetsTheVectorTheNetworkGivesForItAlone() throws Exception {
    draw(6);
    ExtractionResult result = run();
    assertCounts(result, 36, 0);
    assertVectorsAreRight(result, backbone, session);
  }

  @Test
  void theResultHasTheFilesInTheFoldersOrder() throws IOException {
    draw(12);
    assertThat(run().readable()).isEqualTo(ImageFolder.scan(images).files());
  }

  @Test
  void aSecondRunComputesNothing() throws IOException {
    draw(3);
    ExtractionResult first = run();
    ExtractionResult second = run();
    assertCounts(second, 0, 18);
    assertThat(second.hashes()).isEqualTo(first.hashes());
    assertThat(second.readable()).isEqualTo(first.readable());
  }

  @Test
  void aTouchedFileIsNotComputedAgain() throws IOException {
    draw(3);
    run();
    Files.setLastModifiedTime(image("dots_001.jpg"), FileTime.fromMillis(1_000_000_000_000L));
    assertCounts(run(), 0, 18);
  }

  @Test
  void aChangedFileIsComputedAgain() throws Exception {
    draw(3);
    run();
    FileTime before = Files.getLastModifiedTime(image("dots_001.jpg"));
    Path other = directory.resolve("other");
    SampleImages.write(other, 1, 99, Progress.NONE);
    Files.copy(
        other.resolve("waves").resolve("waves_000.jpg"),
        image("dots_001.jpg"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(image("dots_001.jpg"), FileTime.fromMillis(before.toMillis() + 1));
    ExtractionResult result = run();
    assertCounts(result, 1, 17);
    assertVectorsAreRight(result, backbone, session);
    assertCounts(run(), 0, 18);
  }

  @Test
  void aChangeThatKeepsTheTimeIsSeenByTheSize() throws Exception {
    draw(3);
    run();
    Path file = image("rings_002.jpg");
    FileTime before = Files.getLastModifiedTime(file);
    Files.copy(image("checks_000.jpg"), file, StandardCopyOption.REPLACE_EXISTING);
    Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);
    Files.setLastModifiedTime(file, before);
    ExtractionResult result = run();
    assertCounts(result, 1, 17);
    assertVectorsAreRight(result, backbone, session);
  }

  @Test
  void aCopyUnderAnotherNameIsNotComputed() throws Exception {
    draw(3);
    run();
    Files.copy(image("dots_001.jpg"), image("dots_copy.jpg"));
    ExtractionResult result = run();
    assertCounts(result, 0, 19);
    assertThat(result.hashes().get(image("dots_copy.jpg")))
        .isEqualTo(result.hashes().get(image("dots_001.jpg")));
  }

  @Test
  void aMovedDirectoryIsNotComputed() throws IOException {
    draw(3);
    run();
    Path moved = Files.move(images, directory.resolve("moved"));
    assertCounts(run(moved, backbone, false, Progress.NONE), 0, 18);
  }

  @Test
  void anotherPreprocessingHasItsOwnVectors() throws Exception {
    draw(3);
    run();
    Preprocessing p = backbone.preprocessing();
    Backbone other =
        new Backbone(
            backbone.name(),
            backbone.graph(),
            backbone.graphSha256(),
            backbone.input(),
            backbone.bottlenecks(),
            new Preprocessing(p.height(), p.width(), p.mean() + 30, p.std()));
    assertIsSeparate(other);
  }

  @Test
  void anotherFeatureSetHasItsOwnVectors() throws Exception {
    draw(3);
    run();
    assertIsSeparate(Scattering.load(FeatureSet.MULTI));
  }

  @Test
  void anotherGraphHasItsOwnVectors() throws Exception {
    draw(3);
    run();
    assertIsSeparate(
        new Backbone(
            backbone.name(),
            backbone.graph(),
            "0".repeat(64),
            backbone.input(),
            backbone.bottlenecks(),
            backbone.preprocessing()));
  }

  private void assertIsSeparate(Backbone other) throws Exception {
    try (BackboneSession running = new BackboneSession(other)) {
      ExtractionResult result = run(images, other, false, Progress.NONE);
      assertCounts(result, 18, 0);
      assertVectorsAreRight(result, other, running);
    }
    ExtractionResult first = run();
    assertCounts(first, 0, 18);
    assertVectorsAreRight(first, backbone, session);
  }

  @Test
  void contentTellsTheFormatAndNotTheName() throws Exception {
    draw(3);
    Files.move(image("dots_001.jpg"), image("dots_001.png"));
    ExtractionResult result = run(true, Progress.NONE);
    assertCounts(result, 18, 0);
    assertVectorsAreRight(result, backbone, session);
  }

  @Test
  void brokenImagesAreNamedAndLeftOut() throws Exception {
    draw(6);
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
    assertVectorsAreRight(result, backbone, session);
  }

  private void assertSkipped(SkippedFile skipped, String name, String reason) {
    assertThat(skipped.path()).isEqualTo(image(name));
    assertThat(skipped.reason()).contains(reason);
  }

  @Test
  void aLinkToNothingIsLeftOut() throws IOException {
    draw(3);
    Files.createSymbolicLink(image("dots_link.jpg"), directory.resolve("nowhere.jpg"));
    ExtractionResult result = run();
    assertCounts(result, 18, 0);
    assertThat(result.skipped())
        .containsExactly(
            new SkippedFile(
                image("dots_link.jpg"), "it does not exist, or it is a link to a missing file"));
  }

  @Test
  void aMendedImageIsTakenInTheNextRun() throws IOException {
    draw(3);
    byte[] whole = Files.readAllBytes(image("rings_000.jpg"));
    Files.write(image("rings_000.jpg"), new byte[] {1, 2, 3});
    assertCounts(run(), 17, 0);
    Files.write(image("rings_000.jpg"), whole);
    assertCounts(run(), 1, 17);
  }

  @Test
  void aSocketIsNamedAndLeftOut() throws IOException {
    draw(3);
    Path socket = image("dots_socket.jpg");
    try (ServerSocketChannel open = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      open.bind(UnixDomainSocketAddress.of(socket));
      assertThat(run().skipped())
          .containsExactly(
              new SkippedFile(socket, "it can't be read (a pipe, a socket or a device)"));
    }
  }

  @Test
  void strictMakesOneBrokenImageAFailure() throws IOException {
    draw(3);
    Files.writeString(image("dots_aaa.jpg"), "no image");
    RecordedProgress progress = new RecordedProgress(Long.MAX_VALUE);
    assertThatThrownBy(() -> run(true, progress))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(image("dots_aaa.jpg").toString())
        .hasMessageContaining("text")
        .hasMessageContaining("--strict");
    assertThat(progress.events()).last().isEqualTo("end");
  }

  @Test
  void moreThanATenthBrokenIsAFailure() throws IOException {
    draw(3);
    Files.writeString(image("dots_aaa.jpg"), "no image");
    Files.writeString(image("dots_aab.jpg"), "no image");
    // Two of twenty: a tenth, and not more.
    assertThat(run().skipped()).hasSize(2);
    Files.writeString(image("checks_aac.jpg"), "no image");
    assertThatThrownBy(this::run)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("3 of 21")
        .hasMessageContaining("checks_aac.jpg");
  }

  @Test
  void progressIsToldOfEveryImage() throws IOException {
    draw(6);
    Files.writeString(image("dots_aaa.jpg"), "no image");
    RecordedProgress progress = new RecordedProgress(Long.MAX_VALUE);
    assertThat(run(false, progress).skipped()).hasSize(1);
    assertThat(progress.events()).startsWith("begin 37 images").endsWith("end");
    assertThat(progress.done()).isEqualTo(37);
  }

  /** Stops the work when it has taken so many images. */
  private static Progress stoppingAfter(int images) {
    AtomicInteger looks = new AtomicInteger();
    return new Progress() {
      @Override
      public void begin(String stage, String unit, long total) {}

      @Override
      public void advance(long count) {}

      @Override
      public void end() {}

      @Override
      public boolean cancelled() {
        return looks.incrementAndGet() > images;
      }
    };
  }

  @Test
  void whatWasDoneBeforeACancellationIsKept() throws Exception {
    draw(20);
    assertThatThrownBy(() -> run(false, stoppingAfter(2 * BATCH)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining(BATCH + " of 120")
        .hasMessageContaining(cacheDir.toString());
    assertThatThrownBy(() -> run(false, stoppingAfter(4 * BATCH)))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining(4 * BATCH + " of 120");
    ExtractionResult result = run();
    assertCounts(result, 120 - 4 * BATCH, 4 * BATCH);
    assertVectorsAreRight(result, backbone, session);
  }

  @Test
  void aNetworkThatCannotRunIsAFailureAndEndsEveryStage() throws IOException {
    draw(20);
    Backbone broken =
        new Backbone(
            "broken",
            backbone.graph(),
            backbone.graphSha256(),
            backbone.input(),
            List.of("nowhere:0"),
            backbone.preprocessing());
    assertThatThrownBy(() -> run(images, broken, false, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("nowhere");
    assertCounts(run(), 120, 0);
  }

  @Test
  void cancelledBeforeItsFirstImageItComputesNothing() throws IOException {
    draw(3);
    assertThatThrownBy(() -> run(false, new RecordedProgress(0)))
        .isInstanceOf(CancelledException.class);
    assertCounts(run(), 18, 0);
  }

  @Test
  void aDamagedCacheIsAFailureThatSaysToRemoveIt() throws IOException {
    draw(6);
    run();
    Path database = cacheDir.resolve(BottleneckCache.FILE);
    try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
      channel.truncate(5_000);
    }
    assertThatThrownBy(this::run)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(database.toString())
        .hasMessageContaining("remove it");
    Files.delete(database);
    assertCounts(run(), 36, 0);
  }

  @Test
  void twoRunsAtOnceShareACache() throws Exception {
    draw(12);
    // Made first: what is tried is filling it together.
    new BottleneckCache(cacheDir).close();
    List<Future<ExtractionResult>> results = new ArrayList<>();
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      Callable<ExtractionResult> one = this::run;
      results.addAll(both.invokeAll(List.of(one, one)));
    } finally {
      both.shutdown();
    }
    for (Future<ExtractionResult> result : results) {
      assertThat(result.get().readable()).hasSize(72);
      assertVectorsAreRight(result.get(), backbone, session);
    }
    assertCounts(run(), 0, 72);
  }

  @Test
  void filesBelowOneAnotherAreToldApart() throws IOException {
    draw(3);
    Path deep = Files.createDirectories(images.resolve("dots").resolve("deep"));
    Files.copy(image("waves_000.jpg"), deep.resolve("dots_000.jpg"));
    ExtractionResult result = run();
    assertThat(result.readable())
        .hasSize(19)
        .isSortedAccordingTo(Comparator.comparing(ImageFile::name));
    assertThat(result.hashes().get(deep.resolve("dots_000.jpg")))
        .isEqualTo(result.hashes().get(image("waves_000.jpg")))
        .isNotEqualTo(result.hashes().get(image("dots_000.jpg")));
  }
}
