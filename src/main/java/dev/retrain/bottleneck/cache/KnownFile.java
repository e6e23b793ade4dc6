package dev.retrain.bottleneck.cache;

import dev.retrain.dataset.ContentHash;
import dev.retrain.util.io.NameEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file whose content hash is known, with the stamp it had when it was hashed.
 *
 * @param stamp its size, times and inode
 * @param hash SHA-256 of the content
 */
public record KnownFile(FileStamp stamp, ContentHash hash) {
  /** The key of a file in the cache: its absolute, normalized path, made unique. */
  public static String key(Path path) {
    return NameEncoding.key(path.toAbsolutePath().normalize());
  }

  /**
   * Hashes a file, unless its stamp is unchanged.
   *
   * @param file the file
   * @param before what was known of it, or null; returned if its stamp still matches
   * @throws IOException if the file can't be read
   */
  public static KnownFile refresh(Path file, KnownFile before) throws IOException {
    if (before != null && before.stamp().equals(FileStamp.read(file))) {
      return before;
    }
    FileStamp stamp = FileStamp.readBeforeContent(file);
    return new KnownFile(stamp, ContentHash.of(Files.readAllBytes(file)));
  }
}
