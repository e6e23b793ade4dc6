package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts a file into a second place without a second copy of its bytes, where that can be done. */
public final class HardLink {
  private HardLink() {}

  /**
   * Links a file, or copies it where the file system takes no links or the places are on two.
   *
   * @param existing the file; where it is a symbolic link, what it leads to
   * @param target its second place; directories are made
   * @return whether it is a link
   * @throws FileAlreadyExistsException where the target is there
   * @throws IOException where it can be neither linked nor copied; then the target is not there
   */
  public static boolean linkOrCopy(Path existing, Path target) throws IOException {
    Path file = existing.toRealPath();
    Directories.make(target.toAbsolutePath().getParent());
    try {
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
