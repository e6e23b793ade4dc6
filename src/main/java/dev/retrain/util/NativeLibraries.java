package dev.retrain.util;

import com.sun.jna.Platform;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.Directories;
import dev.retrain.util.io.IoReason;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * Unpacks the native libraries of SQLite and JNA beside TensorFlow's, in JavaCPP's cache directory.
 * Both would otherwise unpack them at each start to the temporary directory, where a killed process
 * leaves them for ever.
 *
 * <p>A library is complete or absent, and one whose content differs is replaced; one of
 * TensorFlow's is replaced if its size or time differs.
 */
public final class NativeLibraries {
  /** JavaCPP's setting of the cache directory. */
  private static final String CACHE = "org.bytedeco.javacpp.cachedir";

  private static final String JNA = "jna.boot.library.path";
  private static final String JNA_NO_UNPACKING = "jna.nounpack";
  private static final String SQLITE = "org.sqlite.lib.path";
  private static final String SQLITE_TEMPORARY = "org.sqlite.tmpdir";

  private static boolean sqliteLoaded;

  private NativeLibraries() {}

  /** Prepares JNA, before its first use. If that fails, JNA can't be used. */
  public static synchronized void prepareJna() {
    if (System.getProperty(JNA) != null) {
      return;
    }
    String name = System.mapLibraryName("jnidispatch").replace(".dylib", ".jnilib");
    try {
      unpack("/com/sun/jna/%s/%s".formatted(Platform.RESOURCE_PREFIX, name), name)
          .ifPresent(
              directory -> {
                System.setProperty(JNA, directory.toString());
                System.setProperty(JNA_NO_UNPACKING, "true");
              });
    } catch (IOException | RetrainException e) {
      // JNA would fail, too, and print a stack trace. What needs JNA works without it.
      System.setProperty(JNA_NO_UNPACKING, "true");
    }
  }

  /**
   * Loads SQLite, the first time it is called.
   *
   * @throws RetrainException if its library can't be unpacked or loaded
   */
  public static synchronized void loadSqlite() {
    if (sqliteLoaded) {
      return;
    }
    String library = LibraryLoaderUtil.getNativeLibName();
    try {
      if (System.getProperty(SQLITE) == null && System.getProperty(SQLITE_TEMPORARY) == null) {
        unpack(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library, library)
            .ifPresent(directory -> System.setProperty(SQLITE, directory.toString()));
      }
      SQLiteJDBCLoader.initialize();
    } catch (RetrainException e) {
      throw e;
    } catch (Exception e) {
      throw failure("SQLite", e);
    }
    sqliteLoaded = true;
  }

  /**
   * Unpacks TensorFlow's libraries, which JavaCPP otherwise does one after the other as it loads
   * them: a library finds the ones that it needs in its own directory, and if a killed process left
   * one of those incomplete, the process crashes.
   *
   * @throws IOException if a library can't be unpacked
   */
  static synchronized void unpackTensorFlow() throws IOException {
    ClassProperties properties =
        Loader.loadProperties(tensorflow.class, Loader.loadProperties(), true);
    List<String> libraries = new ArrayList<>(properties.get("platform.preload"));
    libraries.addAll(properties.get("platform.link"));
    for (String library : libraries) {
      for (URL found : Loader.findLibrary(tensorflow.class, properties, library)) {
        if (found.getProtocol().equals("jar")) {
          Loader.cacheResource(found);
        }
      }
    }
  }

  /**
   * A native library can't be loaded.
   *
   * @param library whose library
   * @param cause why
   */
  static RetrainException failure(String library, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new RetrainException(
        cause,
        "%s's native library can't be loaded (%s). It is unpacked to %s: delete that directory,"
            + " make sure that its file system has space and is not mounted noexec, or use another one: java"
            + " -D%s=DIRECTORY.",
        library,
        root instanceof IOException io ? IoReason.of(io) : ErrorText.firstLine(root),
        directory(),
        CACHE);
  }

  /** Returns the directory of the unpacked library; absent if there is none for this platform. */
  private static Optional<Path> unpack(String resource, String name) throws IOException {
    byte[] content;
    try (InputStream in = NativeLibraries.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      content = in.readAllBytes();
    }
    Path directory = directory().resolve("retrain").resolve(Sha256.sha256(content));
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
      AtomicFile.write(file, content);
    }
    return Optional.of(directory);
  }

  /** The cache directory, which JavaCPP uses, too: the first one that can be written to. */
  private static Path directory() {
    Path home = Path.of(System.getProperty("user.home"));
    List<Path> candidates =
        Stream.of(
                System.getProperty(CACHE),
                // "?" where the user has no home, as in many containers.
                home.isAbsolute() ? home + "/.javacpp/cache" : null,
                "%s/.javacpp-%s/cache"
                    .formatted(
                        System.getProperty("java.io.tmpdir"), System.getProperty("user.name")))
            .filter(Objects::nonNull)
            .map(Path::of)
            .toList();
    Path directory =
        candidates.stream()
            .filter(NativeLibraries::isUsable)
            .findFirst()
            .orElseThrow(
                () ->
                    new RetrainException(
                        "Native libraries can't be unpacked: none of the directories %s can be written"
                            + " to. Use another one: java -D%s=DIRECTORY.",
                        candidates, CACHE));
    // JavaCPP itself would unpack TensorFlow to a directory named "?".
    System.setProperty(CACHE, directory.toString());
    return directory;
  }

  private static boolean isUsable(Path directory) {
    try {
      Directories.create(directory);
      return Files.isWritable(directory) && Files.isExecutable(directory);
    } catch (IOException e) {
      return false;
    }
  }
}
