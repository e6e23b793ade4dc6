package dev.retrain.dataset.archive;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * The path of an entry: that of the archive followed by the entry's name. It consists of names like
 * a path of the default file system, which therefore does all operations on names.
 */
final class ArchivePath implements Path {
  private final FileSystem fileSystem;
  private final Path names;

  /**
   * @param fileSystem the archive
   * @param names the names, as a path of the default file system, where no such file exists
   */
  ArchivePath(FileSystem fileSystem, Path names) {
    this.fileSystem = fileSystem;
    this.names = names;
  }

  /** The names, as a path of the default file system. */
  Path names() {
    return names;
  }

  private Path with(Path other) {
    return other == null ? null : new ArchivePath(fileSystem, other);
  }

  private static Path names(Path path) {
    if (path instanceof ArchivePath other) {
      return other.names;
    }
    throw new ProviderMismatchException(path.toString());
  }

  @Override
  public FileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return names.isAbsolute();
  }

  @Override
  public Path getRoot() {
    return with(names.getRoot());
  }

  @Override
  public Path getFileName() {
    return with(names.getFileName());
  }

  @Override
  public Path getParent() {
    return with(names.getParent());
  }

  @Override
  public int getNameCount() {
    return names.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return with(names.getName(index));
  }

  @Override
  public Path subpath(int begin, int end) {
    return with(names.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof ArchivePath path && names.startsWith(path.names);
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof ArchivePath path && names.endsWith(path.names);
  }

  @Override
  public Path normalize() {
    return with(names.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return with(names.resolve(names(other)));
  }

  @Override
  public Path relativize(Path other) {
    return with(names.relativize(names(other)));
  }

  /** The address of the file that the names would have in the default file system. */
  @Override
  public URI toUri() {
    return names.toUri();
  }

  @Override
  public Path toAbsolutePath() {
    return with(names.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    fileSystem.provider().checkAccess(this);
    return toAbsolutePath().normalize();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return names.compareTo(names(other));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArchivePath path
        && names.equals(path.names)
        && fileSystem.equals(path.fileSystem);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
