package dev.retrain.dataset.archive;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** The entries of an archive as files. It holds no resource, so it need not be closed. */
final class ArchiveFileSystem extends FileSystem {
  private final FileSystemProvider provider;
  private final ArchiveIndex index;
  private final Path root;

  ArchiveFileSystem(FileSystemProvider provider, ArchiveIndex index) {
    this.provider = provider;
    this.index = index;
    root = index.archive().toAbsolutePath().normalize();
  }

  ArchiveIndex index() {
    return index;
  }

  /** The path with these names, which are those of the archive followed by an entry's name. */
  Path path(Path names) {
    return new ArchivePath(this, names);
  }

  /**
   * The name of an entry.
   *
   * @throws NoSuchFileException if the path is not in the archive
   */
  String entryName(Path path) throws NoSuchFileException {
    if (path instanceof ArchivePath archived) {
      Path absolute = archived.names().toAbsolutePath().normalize();
      if (absolute.startsWith(root)) {
        return root.relativize(absolute).toString().replace('\\', '/');
      }
    }
    throw new NoSuchFileException(path.toString());
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public String getSeparator() {
    return root.getFileSystem().getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(path(root));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic", "unix");
  }

  @Override
  public Path getPath(String first, String... more) {
    return path(root.getFileSystem().getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    return root.getFileSystem().getPathMatcher(pattern);
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
