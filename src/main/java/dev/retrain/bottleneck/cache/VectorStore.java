package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.BackboneTable.WritePosition;
import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.bottleneck.cache.file.VectorCheck;
import dev.retrain.bottleneck.cache.file.VectorFile;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.OutputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The vector files of a cache, {@code vectors-<backbone>-<generation>.bin}, kept consistent with
 * the tables {@code backbone} and {@code vector}.
 *
 * <p>Records are forced to disk before the database counts them. Committed records are therefore
 * always present, and uncommitted ones are overwritten.
 *
 * <p>Owns the files it writes to. Not thread-safe.
 */
final class VectorStore implements AutoCloseable {
  private static final String PATTERN = "vectors-*.bin";

  private final CacheDatabase database;
  private final BackboneTable backbones;
  private final VectorTable vectors;

  /** The files written to, by backbone; opened with the first vector. */
  private final Map<Long, Appender> appenders = new HashMap<>();

  private boolean conflict;
  private boolean integrityChecked;

  VectorStore(CacheDatabase database, BackboneTable backbones, VectorTable vectors) {
    this.database = database;
    this.backbones = backbones;
    this.vectors = vectors;
  }

  /** A backbone's file while vectors are appended to it. */
  private static final class Appender {
    final VectorFile file;

    /** Where the next vector is written; -1 while no transaction writes to the file. */
    long next = -1;

    Appender(VectorFile file) {
      this.file = file;
    }
  }

  /**
   * Adds a vector, unless the image has one already; part of the next {@link #commit}.
   *
   * @param values the vector, from {@code offset} on
   */
  void put(BackboneRow backbone, ContentHash hash, float[] values, int offset) {
    try {
      Appender appender = appender(backbone.id(), backbone.vectorLength());
      if (vectors.insert(backbone.id(), hash, appender.next)) {
        appender.file.put(appender.next, hash, values, offset);
        appender.next++;
      } else {
        // Another process has added it. Or the index is damaged: the row exists, but was not found.
        conflict = true;
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Appender appender(long backbone, int length) throws IOException {
    Appender appender = appenders.get(backbone);
    if (appender != null && appender.next >= 0) {
      return appender;
    }
    WritePosition position = backbones.lockWritePosition(backbone);
    Path path = path(backbone, position.generation());
    long next = position.record();
    if (appender == null || !appender.file.path().equals(path)) {
      if (appender != null) {
        appender.file.close();
      }
      appender = new Appender(VectorFile.write(path, length));
      appenders.put(backbone, appender);
      // After damage, the number of records may be too small: vectors would be overwritten.
      next = Math.max(next, vectors.lastRecord(backbone) + 1);
    }
    // Or too large: it would leave a hole.
    appender.next = Math.min(next, appender.file.records());
    return appender;
  }

  private Path path(long backbone, long generation) {
    return database
        .file()
        .resolveSibling(PATTERN.replace("*", "%d-%d").formatted(backbone, generation));
  }

  /** Commits the added vectors and every other change of the open transaction. */
  void commit() {
    try {
      for (Map.Entry<Long, Appender> entry : appenders.entrySet()) {
        Appender appender = entry.getValue();
        if (appender.next >= 0) {
          appender.file.force();
          if (!appender.file.isInPlace()) {
            throw new RetrainException(
                "The vector file %s was deleted while it was in use. Run again.",
                appender.file.path());
          }
          backbones.setRecords(entry.getKey(), appender.next);
          appender.next = -1;
        }
      }
      if (conflict && !integrityChecked) {
        database.checkIntegrity();
        integrityChecked = true;
      }
      database.checkInPlace();
      database.commit();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Finds the missing vectors of a backbone; changes nothing.
   *
   * @param verify whether damaged vectors are found, too, by reading all of them
   */
  VectorCheck check(BackboneRow backbone, boolean verify) {
    Path path = path(backbone.id(), backbone.generation());
    if (!Files.exists(path)) {
      Set<ContentHash> images = vectors.records(backbone.id()).keySet();
      return new VectorCheck(path, images, List.copyOf(images));
    }
    try (VectorReader reader = reader(backbone)) {
      return reader.check(verify);
    }
  }

  /** Opens the current vectors of a backbone for reading. */
  VectorReader reader(BackboneRow backbone) {
    try {
      Path path = path(backbone.id(), backbone.generation());
      if (!Files.exists(path)) {
        // No vector was added yet, or the user deleted the file: every read then reports a missing
        // vector.
        VectorFile.write(path, backbone.vectorLength()).close();
      }
      // The file is opened before the records are read, so it holds all of them.
      VectorFile file = VectorFile.read(path, backbone.vectorLength());
      return new VectorReader(file, vectors.records(backbone.id()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Returns the disk space of unused records: rewrites the files that have some, and deletes files
   * of no backbone.
   *
   * <p>All of it happens in one transaction, which blocks other writers. Old files are deleted
   * after the commit; nobody can use them by then, since neither ids nor generations are reused.
   */
  void compact() {
    try {
      closeFiles();
      backbones.lock();
      Set<Path> current = new HashSet<>();
      for (BackboneRow backbone : backbones.all()) {
        current.add(compact(backbone));
      }
      List<Path> old = files().stream().filter(file -> !current.contains(file)).toList();
      database.commit();
      for (Path file : old) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Path compact(BackboneRow backbone) throws IOException {
    Path from = path(backbone.id(), backbone.generation());
    if (!backbones.startGeneration(backbone.id())) {
      return from;
    }
    Path to = path(backbone.id(), backbone.generation() + 1);
    Files.deleteIfExists(to);
    if (!Files.exists(from)) {
      // Deleted by the user: every vector is then missing.
      VectorFile.write(from, backbone.vectorLength()).close();
    }
    List<ContentHash> copied = new ArrayList<>();
    try (VectorFile source = VectorFile.read(from, backbone.vectorLength());
        VectorFile target = VectorFile.write(to, backbone.vectorLength())) {
      float[] vector = new float[backbone.vectorLength()];
      for (Map.Entry<ContentHash, Long> entry : vectors.inRecordOrder(backbone.id())) {
        // A damaged record stays damaged: its place in the new file holds zeros.
        if (source.get(entry.getValue(), entry.getKey(), vector, 0)) {
          target.put(copied.size(), entry.getKey(), vector, 0);
        }
        copied.add(entry.getKey());
      }
      target.force();
    }
    vectors.renumber(backbone.id(), copied);
    return to;
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(database.file().toAbsolutePath().getParent(), PATTERN)) {
      stream.forEach(file -> files.add(database.file().resolveSibling(file.getFileName())));
    }
    return files;
  }

  /** Bytes on disk. */
  long size() throws IOException {
    long size = 0;
    for (Path file : files()) {
      size += Files.size(file);
    }
    return size;
  }

  private RetrainException failure(IOException e) {
    return new RetrainException(
        OutputException.directory(database.file().toAbsolutePath().getParent(), e).getMessage(), e);
  }

  private void closeFiles() throws IOException {
    IOException first = null;
    for (Appender appender : appenders.values()) {
      try {
        appender.file.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    appenders.clear();
    if (first != null) {
      throw first;
    }
  }

  /** Closes the files; uncommitted vectors are lost. */
  @Override
  public void close() {
    try {
      closeFiles();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
