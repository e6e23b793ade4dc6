package dev.retrain.dataset.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Lists and reads the entries of archives. */
final class ArchiveProvider extends FileSystemProvider {
  private EntryAttributes attributes(Path path) throws IOException {
    ArchiveFileSystem archive = archive(path);
    String name = archive.entryName(path);
    Optional<ArchiveEntry> file = archive.index().file(name);
    if (file.isEmpty() && !archive.index().isFolder(name)) {
      throw new NoSuchFileException(path.toString());
    }
    return new EntryAttributes(archive.index().attributes(), name, file);
  }

  private static ArchiveFileSystem archive(Path path) {
    return (ArchiveFileSystem) path.getFileSystem();
  }

  private byte[] read(Path path) throws IOException {
    ArchiveEntry file =
        attributes(path)
            .file()
            .orElseThrow(() -> new FileSystemException(path.toString(), null, "is a directory"));
    return archive(path).index().read(file);
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return new ByteArrayInputStream(read(path));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND)) {
      throw new ReadOnlyFileSystemException();
    }
    return new SeekableInMemoryByteChannel(read(path));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    EntryAttributes attributes = attributes(directory);
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
    Iterator<Path> children =
        archive(directory).index().children(attributes.name()).stream()
            .map(directory::resolve)
            .iterator();
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return children;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    attributes(path);
    if (Set.of(modes).contains(AccessMode.WRITE)) {
      throw new ReadOnlyFileSystemException();
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (!type.isAssignableFrom(EntryAttributes.class)) {
      throw new UnsupportedOperationException(type.getName());
    }
    return type.cast(attributes(path));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return attributes(path).map();
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    if (one.equals(other)) {
      return true;
    }
    return other instanceof ArchivePath
        && archive(one).equals(archive(other))
        && attributes(one).name().equals(attributes(other).name());
  }

  @Override
  public boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  @Override
  public String getScheme() {
    return "retrain-archive";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void delete(Path path) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new ReadOnlyFileSystemException();
  }
}
