package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Links files, or copies them if the file system does not support hard links. */
public final class HardLink {
  private HardLink() {}

  /**
   * Links a file, or copies it if the file system does not support hard links or the target is on
   * another one.
   *
   * @param existing the file; a symbolic link is resolved
   * @param target the new name; its directories are created
   * @return whether it was linked
   * @throws FileAlreadyExistsException if the target exists
   * @throws IOException if it can be neither linked nor copied; then the target does not exist
   */
  public static boolean linkOrCopy(Path existing, Path target) throws IOException {
    Path file = existing.toRealPath();
    Directories.create(target.toAbsolutePath().getParent());
    try {
      if (!target.getFileSystem().equals(file.getFileSystem())) {
        throw new UnsupportedOperationException("an entry of an archive can't be linked");
      }
      Files.createLink(target, file);
      return true;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      AtomicFile.write(target, out -> Files.copy(file, out));
      return false;
    }
  }
}
