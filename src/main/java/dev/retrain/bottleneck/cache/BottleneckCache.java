package dev.retrain.bottleneck.cache;

import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.bottleneck.cache.file.DamagedVectorsException;
import dev.retrain.bottleneck.cache.file.VectorCheck;
import dev.retrain.bottleneck.cache.file.VectorFile;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cache of bottleneck vectors on disk: a SQLite database, {@value #FILE}, is the index; a
 * {@link VectorFile} for each backbone holds the numbers.
 *
 * <p>A vector is keyed by its backbone's {@link BackboneIdentity} and the SHA-256 of the image's
 * content, so a changed image never gets the old vector, and a moved or copied image gets its own.
 * Paths only map to that hash, so that unchanged files are not read again.
 *
 * <p>Committed changes survive a killed process; uncommitted changes are lost. One process writes
 * at a time; another waits for up to 30 seconds. Owns its files. Not thread-safe.
 */
public final class BottleneckCache implements AutoCloseable {
  /** The database's file name. */
  public static final String FILE = "bottlenecks.sqlite";

  private final CacheDatabase database;
  private final BackboneTable backbones;
  private final ImageTable images;
  private final ImportedTable imported;
  private final VectorTable vectorTable;
  private final VectorStore vectors;
  private final boolean verifyContent;

  /** The keys of the files stored since the cache was opened. */
  private final Set<String> stored = new HashSet<>();

  /**
   * Opens the cache of a directory; creates it if there is none.
   *
   * @throws RetrainException if the database is damaged, not a cache, or of another schema version
   */
  public BottleneckCache(Path directory) throws IOException {
    this(directory, false);
  }

  /**
   * Opens the cache of a directory; creates it if there is none.
   *
   * @param verifyContent whether to hash every file, as if nothing were known of it, and to verify
   *     the checksum of every vector that is looked up
   * @throws RetrainException if the database is damaged, not a cache, or of another schema version
   */
  public BottleneckCache(Path directory, boolean verifyContent) throws IOException {
    this.verifyContent = verifyContent;
    Directories.create(directory);
    database = new CacheDatabase(directory.resolve(FILE));
    backbones = new BackboneTable(database);
    images = new ImageTable(database);
    imported = new ImportedTable(database);
    vectorTable = new VectorTable(database);
    vectors = new VectorStore(database, backbones, vectorTable);
  }

  /** Whether a directory holds a cache. */
  public static boolean exists(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /** The row of a backbone, if the cache has one. */
  public Optional<BackboneRow> find(BackboneIdentity backbone) {
    return backbones.find(backbone);
  }

  /** The row of a backbone; inserts it if there is none. */
  public BackboneRow findOrInsert(BackboneIdentity backbone, int vectorLength) {
    return backbones.findOrInsert(backbone, vectorLength);
  }

  /** The known files below a directory, by {@link KnownFile#key}. */
  public Map<String, KnownFile> imagesBelow(Path directory) {
    return images.below(directory);
  }

  /**
   * The files below a directory that need not be read if their stamps match, by {@link
   * KnownFile#key}: all known ones, or if content is verified, those stored since the cache was
   * opened.
   */
  public Map<String, KnownFile> trustedBelow(Path directory) {
    Map<String, KnownFile> known = imagesBelow(directory);
    if (verifyContent) {
      known.keySet().retainAll(stored);
    }
    return known;
  }

  /** Stores a file's hash; part of the next commit. */
  public void putImage(Path path, KnownFile known) {
    images.put(path, known);
    if (verifyContent) {
      stored.add(KnownFile.key(path));
    }
  }

  /** Stores the name of an image that is imported without its file; part of the next commit. */
  public void putImported(String name) {
    imported.put(name);
  }

  /** The names of images that were imported without their files, sorted. */
  public List<String> imported() {
    return imported.names();
  }

  /** The images that have a vector, with the records of their vectors. */
  public Map<ContentHash, Long> records(BackboneRow backbone) {
    return vectorTable.records(backbone.id());
  }

  /**
   * The images whose vectors can be read. Vectors that are missing in their file are deleted from
   * the index, so that they are computed again, and a warning is logged; if content is verified,
   * damaged ones, too.
   */
  public Set<ContentHash> usableVectors(BackboneIdentity backbone) {
    Optional<BackboneRow> row = backbones.find(backbone);
    if (row.isEmpty()) {
      return Set.of();
    }
    VectorCheck check = vectors.check(row.get(), verifyContent);
    if (check.damaged().isEmpty()) {
      return check.intact();
    }
    if (!backbones.find(backbone).equals(row)) {
      // Another process has pruned the cache meanwhile, so another file is current.
      return usableVectors(backbone);
    }
    DamagedVectorsException.warn(check);
    vectorTable.delete(row.get(), check.damaged());
    return check.intact();
  }

  /**
   * Finds the vectors of a backbone that are missing or damaged; changes nothing.
   *
   * @param identity the text of the backbone's identity
   * @return empty if the cache has no vectors of this backbone
   */
  public Optional<VectorCheck> check(String identity) {
    return backbones.find(identity).map(row -> vectors.check(row, verifyContent));
  }

  /** Adds an image's vector, from {@code offset} on, unless it has one; part of the next commit. */
  public void putVector(BackboneRow backbone, ContentHash hash, float[] values, int offset) {
    vectors.put(backbone, hash, values, offset);
  }

  /** Commits all changes since the last commit. */
  public void commit() {
    vectors.commit();
  }

  /** Deletes vectors, such as damaged ones, so that they are computed again; commits. */
  public void deleteVectors(BackboneRow backbone, Collection<ContentHash> hashes) {
    vectorTable.delete(backbone, hashes);
  }

  /** Opens the current vectors of a backbone for reading; the reader may outlive the cache. */
  public VectorReader reader(BackboneRow backbone) {
    return vectors.reader(backbone);
  }

  /** Summaries of all backbones, sorted by name. */
  public List<CachedBackbone> entries() {
    return backbones.entries();
  }

  /** The number of image files whose hashes are stored. */
  public long images() {
    return images.count();
  }

  /** The index; remains owned by this object. */
  CacheDatabase database() {
    return database;
  }

  /** Returns the disk space of deleted vectors and rows to the file system. */
  void compact() {
    vectors.compact();
    database.compact();
  }

  /** Bytes on disk. */
  public long size() throws IOException {
    return database.size() + vectors.size();
  }

  /** The database file. */
  public Path file() {
    return database.file();
  }

  /** Closes the files; uncommitted changes are lost. Has no effect the second time. */
  @Override
  public void close() {
    try (database) {
      vectors.close();
    }
  }
}
