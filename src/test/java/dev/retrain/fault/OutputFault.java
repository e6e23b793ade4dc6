package dev.retrain.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Places where nothing can be written; those that need rights of the system skip the test. */
enum OutputFault {
  /** A disk with 64 kB. */
  FULL("no space left on device") {
    @Override
    void make(Path place) throws IOException {
      run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place);
    }

    @Override
    void remove(Path place) throws IOException {
      run("umount", place);
    }
  },

  /** A read-only file system. */
  READ_ONLY("read-only file system") {
    @Override
    void make(Path place) throws IOException {
      run("mount", "-t", "tmpfs", "-o", "size=64k,ro", "tmpfs", place);
    }

    @Override
    void remove(Path place) throws IOException {
      run("umount", place);
    }
  },

  /** A directory of another user. */
  FORBIDDEN("permission denied") {
    @Override
    void make(Path place) throws IOException {
      run("setpriv", "--reuid=65534", "true");
      run("chmod", "755", place);
    }

    @Override
    List<String> prefix() {
      return List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    }
  },

  /** A file where a directory is needed. */
  FILE("is not a directory") {
    @Override
    void make(Path place) throws IOException {
      Files.delete(place);
      Files.writeString(place, "in the way");
    }

    @Override
    void remove(Path place) throws IOException {
      Files.delete(place);
      Files.createDirectory(place);
    }
  };

  private final String reason;

  OutputFault(String reason) {
    this.reason = reason;
  }

  /** What the message says. */
  String reason() {
    return reason;
  }

  /** Makes a place of an empty directory. */
  abstract void make(Path place) throws IOException;

  void remove(Path place) throws IOException {}

  /** The words before the command, to run it as a user without the rights of root. */
  List<String> prefix() {
    return List.of();
  }

  private static void run(Object... command) throws IOException {
    List<String> words = new ArrayList<>();
    for (Object word : command) {
      words.add(word.toString());
    }
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Assumptions.assumeTrue(process.waitFor() == 0, "not allowed here: " + words);
    } catch (InterruptedException e) {
      throw new IOException(e);
    } catch (IOException e) {
      Assumptions.abort("not installed: " + words.get(0));
    }
  }
}
