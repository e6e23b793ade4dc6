package dev.retrain.dataset.archive;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * The attributes of an entry. Its times are those of the archive, so that all its files count as
 * changed when the archive changes: the times in an archive can be set to any value.
 *
 * @param archive the archive's attributes
 * @param name the entry's name
 * @param file the entry; empty for a folder
 */
record EntryAttributes(Map<String, Object> archive, String name, Optional<ArchiveEntry> file)
    implements BasicFileAttributes {

  /** The attributes by name, as the views {@code basic} and {@code unix} have them. */
  Map<String, Object> map() {
    Object changed = archive.getOrDefault("ctime", lastModifiedTime());
    long inode = (long) archive.getOrDefault("ino", 0L);
    return Map.of(
        "size",
        size(),
        "lastModifiedTime",
        lastModifiedTime(),
        "isOther",
        false,
        "isDirectory",
        isDirectory(),
        "isRegularFile",
        isRegularFile(),
        "ctime",
        changed,
        "ino",
        file.map(entry -> entry.identity(inode)).orElse(inode));
  }

  @Override
  public FileTime lastModifiedTime() {
    return (FileTime) archive.get("lastModifiedTime");
  }

  @Override
  public FileTime lastAccessTime() {
    return lastModifiedTime();
  }

  @Override
  public FileTime creationTime() {
    return lastModifiedTime();
  }

  @Override
  public boolean isRegularFile() {
    return file.isPresent();
  }

  @Override
  public boolean isDirectory() {
    return file.isEmpty();
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public long size() {
    return file.map(ArchiveEntry::size).orElse(0L);
  }

  @Override
  public Object fileKey() {
    return name;
  }
}
