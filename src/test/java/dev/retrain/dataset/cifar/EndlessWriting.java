package dev.retrain.dataset.cifar;

import dev.retrain.util.Progress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Writes images, says so after the first block, and never ends by itself. */
final class EndlessWriting {
  private EndlessWriting() {}

  /**
   * @param arguments the archive and the two directories
   */
  public static void main(String[] arguments) throws Exception {
    CifarArchive archive = CifarArchive.check(Path.of(arguments[0]), Progress.NONE);
    new CifarFolders(Path.of(arguments[1]), Optional.of(Path.of(arguments[2])))
        .write(
            archive,
            "0".repeat(64),
            new Progress() {
              @Override
              public void begin(String stage, String unit, long total) {}

              @Override
              public void advance(long count) {
                System.out.println("under way");
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }

              @Override
              public void end() {}
            });
  }
}
