package dev.retrain.dataset.archive;

import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.ArchiveCheck;
import dev.retrain.util.archive.ExpansionLimit;
import dev.retrain.util.io.IoReason;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The files and folders of an archive, all of which have been checked. */
final class ArchiveIndex {
  /** Folders within one another; a name of single letters could have thousands. */
  private static final int MAX_DEPTH = 64;

  private final Path archive;
  private final Map<String, Object> attributes;
  private final ArchiveContent content;
  private final Map<String, ArchiveEntry> files = new HashMap<>();
  private final Map<String, TreeSet<String>> folders = new HashMap<>();

  private ArchiveIndex(Path archive, Map<String, Object> attributes, ArchiveContent content) {
    this.archive = archive;
    this.attributes = attributes;
    this.content = content;
    folders.put("", new TreeSet<>());
  }

  /** Checks the entries of an archive of images. */
  private static ArchiveCheck check(Path archive) {
    return new ArchiveCheck(
        archive, "Pack the images again, or unpack them and use the directory.");
  }

  /**
   * Lists an archive.
   *
   * @param archive the archive
   * @param format its kind
   * @throws RetrainException if it is corrupt or unsafe, or can't be read
   */
  static ArchiveIndex read(Path archive, ArchiveFormat format) {
    try {
      return list(archive, format);
    } catch (FileSystemException e) {
      throw new RetrainException(e, "%s can't be read: %s.", archive, IoReason.of(e));
    } catch (RetrainException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library throws exceptions of many kinds for damaged headers.
      String kind = format == ArchiveFormat.ZIP ? "zip" : "tar";
      throw new RetrainException(
          e,
          "%s is not a complete %s archive (%s). Copy or download it again.",
          archive,
          kind,
          e instanceof IOException io ? IoReason.of(io) : e.toString());
    }
  }

  private static ArchiveIndex list(Path archive, ArchiveFormat format) throws IOException {
    // Before the entries are listed, so that a change meanwhile is noticed at the first read.
    Map<String, Object> attributes = RegularFile.attributeMap(archive);
    long bytes = (long) attributes.get("size");
    if (format == ArchiveFormat.TAR_GZIP) {
      return listTemporary(archive, attributes, GzipUnpacker.unpack(archive));
    }
    ArchiveContent content = ArchiveContent.of(archive, attributes);
    return new ArchiveIndex(archive, attributes, content)
        .add(
            format == ArchiveFormat.ZIP
                ? ZipEntries.read(check(archive), bytes)
                : TarEntries.read(check(archive), archive, content, bytes),
            bytes);
  }

  private static ArchiveIndex listTemporary(Path archive, Map<String, Object> attributes, Path tar)
      throws IOException {
    try {
      Map<String, Object> unpacked = RegularFile.attributeMap(tar);
      ArchiveContent content = ArchiveContent.of(tar, unpacked);
      List<ArchiveEntry> entries =
          TarEntries.read(check(archive), tar, content, (long) unpacked.get("size"));
      return new ArchiveIndex(archive, attributes, ArchiveContent.ofTemporary(tar))
          .add(entries, (long) attributes.get("size"));
    } finally {
      Files.deleteIfExists(tar);
    }
  }

  private ArchiveIndex add(List<ArchiveEntry> entries, long bytes) {
    ArchiveCheck check = check(archive);
    checkOverlap(entries, check);
    long size = entries.stream().mapToLong(ArchiveEntry::size).sum();
    if (size > ExpansionLimit.maxBytes(bytes)) {
      throw check.rejected("its %,d bytes expand to %,d", bytes, size);
    }
    for (ArchiveEntry entry : entries) {
      if (entry.name().isEmpty()) {
        throw check.rejected("an entry has no name");
      }
      if (files.putIfAbsent(entry.name(), entry) != null) {
        throw check.rejectedEntry(entry.name(), "exists more than once");
      }
      checkDepth(entry.name(), check);
      addToFolder(entry.name());
    }
    for (ArchiveEntry entry : entries) {
      if (folders.containsKey(entry.name())) {
        throw check.rejectedEntry(entry.name(), "is both a file and a folder");
      }
    }
    return this;
  }

  private static void checkDepth(String name, ArchiveCheck check) {
    if (name.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
      throw check.rejectedEntry(name, "is in more than %d folders within one another", MAX_DEPTH);
    }
  }

  /** Entries that share their bytes make a small archive expand to any size. */
  private static void checkOverlap(List<ArchiveEntry> entries, ArchiveCheck check) {
    long end = 0;
    for (ArchiveEntry entry :
        entries.stream().sorted(Comparator.comparingLong(ArchiveEntry::offset)).toList()) {
      if (entry.offset() < end) {
        throw check.rejectedEntry(entry.name(), "overlaps with another one");
      }
      end = entry.end();
    }
  }

  private void addToFolder(String name) {
    int slash = name.lastIndexOf('/');
    String folder = slash < 0 ? "" : name.substring(0, slash);
    TreeSet<String> children = folders.get(folder);
    if (children == null) {
      children = new TreeSet<>();
      folders.put(folder, children);
      addToFolder(folder);
    }
    children.add(name.substring(slash + 1));
  }

  Path archive() {
    return archive;
  }

  /** The attributes of the archive when it was listed. */
  Map<String, Object> attributes() {
    return attributes;
  }

  boolean isFolder(String name) {
    return folders.containsKey(name);
  }

  /** A file; empty if there is none of this name. */
  Optional<ArchiveEntry> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** The names of the files and folders in a folder, sorted. */
  List<String> children(String folder) {
    return List.copyOf(folders.get(folder));
  }

  /**
   * The content of a file.
   *
   * @throws IOException if it can't be read or is damaged
   */
  byte[] read(ArchiveEntry file) throws IOException {
    return EntryReader.read(content, file);
  }
}
