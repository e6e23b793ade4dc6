package dev.retrain.dataset.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.RetrainException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives that are unsafe or damaged are refused before anything is read from them. */
class HostileArchiveTest {
  private static final byte[] CONTENT = "not really an image".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  /** Writes an archive. */
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException;
  }

  static Stream<Arguments> archives() {
    return Stream.of(
        // Names.
        arguments("zip: path traversal", zip("cat/../../evil.jpg"), "has '..' in its path"),
        arguments("zip: inner ..", zip("cat/../dog/1.jpg"), "has '..' in its path"),
        arguments("zip: absolute", zip("/etc/cat.jpg"), "'/etc/cat.jpg' has an absolute path"),
        arguments("zip: drive", zip("C:/cat/1.jpg"), "has an absolute path"),
        arguments(
            "zip: backslash", patched(zip("catX1.jpg"), "catX", bytes("cat\\")), "a backslash"),
        arguments("zip: control character", zip("cat/\u001b[31m.jpg"), "has control characters"),
        arguments("zip: NUL", zip("cat/a\u0000b.jpg"), "has control characters"),
        arguments(
            "zip: same name twice",
            patched(zip("cat/1.jpg", "cat/X.jpg"), "cat/X", bytes("cat/1")),
            "exists more than once"),
        arguments("zip: ./ makes it equal", zip("cat/1.jpg", "./cat//1.jpg"), "more than once"),
        arguments("zip: file and folder", zip("cat", "cat/1.jpg"), "is both a file and a folder"),
        arguments("zip: long name", zip("cat/" + "x".repeat(5000)), "a name of 5,004 characters"),
        arguments("zip: deep", zip("a/".repeat(70) + "1.jpg"), "more than 64 folders"),
        arguments(
            "zip: Latin-1 name",
            patched(zip("cat/XXX.jpg"), "XXX", bytes("h\u00fcb")),
            "has a name that is not UTF-8 (bytes 63 61 74 2f 68 fc 62"),
        arguments("zip: no name", zip("."), "an entry has no name"),
        arguments("tar: path traversal", tar("../evil.jpg"), "has '..' in its path"),
        arguments("tar: absolute", tar("/etc/cat.jpg"), "has an absolute path"),
        arguments("tar: backslash", tar("cat\\1.jpg"), "has a backslash"),
        arguments("tar: same name twice", tar("cat/1.jpg", "cat/1.jpg"), "exists more than once"),
        arguments("tar: file and folder", tar("cat/1.jpg", "cat"), "is both a file and a folder"),
        arguments("tgz: path traversal", gzip(tar("cat/../../evil.jpg")), "has '..' in its path"),
        // Kinds of entries.
        arguments("zip: symbolic link", zipMode(0120777), "is a link or a device"),
        arguments("zip: device", zipMode(0060644), "is a link or a device"),
        arguments("tar: symbolic link", tarKind(TarConstants.LF_SYMLINK), "is a link or a device"),
        arguments("tar: hard link", tarKind(TarConstants.LF_LINK), "is a link or a device"),
        arguments("tar: device", tarKind(TarConstants.LF_CHR), "is a link or a device"),
        arguments("tar: pipe", tarKind(TarConstants.LF_FIFO), "is a link or a device"),
        arguments("zip: encrypted", flagged(1), "is encrypted"),
        arguments("zip: method LZMA", method(14), "method that is not supported (LZMA)"),
        arguments("zip: method unknown", method(77), "not supported (number 77)"),
        // Bombs.
        arguments("zip: bomb", zipOfZeros(100), "bytes expand to"),
        arguments("zip: overlapping", overlapping(), "overlaps with another one"),
        arguments("tgz: bomb", gzip(zeros(70 << 20)), "contains no tar archive"),
        arguments("tgz: bomb of a tar", gzip(tarOfZeros(80)), "expands to more than"),
        // Damage.
        arguments("zip: truncated", cut(zip("cat/1.jpg", "cat/2.jpg"), 40), "not a complete zip"),
        arguments("zip: only the start", cut(zip("cat/1.jpg"), 80), "not a complete zip"),
        arguments("zip: stated too large", sized(1 << 29), "lies outside of the archive"),
        arguments("tar: cut in a file", cut(tar("cat/1.jpg"), 10_240 - 520), "complete tar"),
        arguments(
            "tar: cut in a header",
            cut(tar("cat/1.jpg", "cat/2"), 10_240 - 1100),
            "mark of its end"),
        arguments("tar: cut between files", cut(tar("cat/1.jpg"), 9216), "mark of its end"),
        arguments("tar: damaged header", damagedTar(), "has a damaged header"),
        arguments("tgz: truncated", cut(gzip(tar("cat/1.jpg")), 20), "not a complete tar"),
        arguments("tgz: damaged", changed(gzip(tar("cat/1.jpg")), -6), "not a complete tar"),
        arguments("gzip of something else", gzip(zeros(1000)), "contains no tar archive"),
        // Other kinds.
        arguments("RAR", text("Rar!\u001a\u0007\u0001\u0000 and more"), "is a RAR archive"),
        arguments("7z", text("7z\u00bc\u00af'\u001c and more"), "is a 7z archive"),
        arguments("xz", text("\u00fd7zXZ\u0000 and more"), "is compressed with xz"),
        arguments("bzip2", text("BZh91AY and more"), "is compressed with bzip2"),
        arguments("text", text("cats and dogs"), "is not a directory"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("archives")
  void isRefused(String name, Writer writer, String reason) throws IOException {
    Path archive = directory.resolve("photos");
    try (OutputStream out = Files.newOutputStream(archive)) {
      writer.write(out);
    }
    long temporary = temporaryFiles();
    assertThatThrownBy(() -> ImageFolder.list(archive))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(archive.toString())
        .hasMessageContaining(reason)
        .message()
        .endsWith(".")
        .doesNotContain("Exception");
    assertThat(directory).isDirectoryNotContaining(file -> !file.equals(archive));
    assertThat(temporaryFiles()).isEqualTo(temporary);
  }

  private static long temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(file -> file.getFileName().toString().matches("retrain.*\\.tar")).count();
    }
  }

  /** Damage of one image is found when it is read; the others are not affected. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("damagedEntries")
  void damagedEntryIsRefusedWhenItIsRead(String name, Writer writer, int damaged, String reason)
      throws IOException {
    Path archive = directory.resolve("photos.zip");
    try (OutputStream out = Files.newOutputStream(archive)) {
      writer.write(out);
    }
    ImageFolder folder = ImageFolder.list(archive);
    assertThat(folder.files().stream().map(ImageFile::name)).containsExactly("cat/1", "cat/2");
    assertThatThrownBy(() -> Files.readAllBytes(folder.files().get(damaged).path()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
    assertThat(Files.readAllBytes(folder.files().get(1 - damaged).path())).isEqualTo(CONTENT);
  }

  static Stream<Arguments> damagedEntries() {
    // A local header has 30 bytes and the name 5.
    Writer two = stored("cat/1", "cat/2");
    int second = 35 + CONTENT.length;
    return Stream.of(
        arguments("content", changed(two, 36), 0, "its checksum is wrong"),
        arguments("header", changed(two, second), 1, "its header is missing"),
        arguments("compressed", changed(zip("cat/1", "cat/2"), 35), 0, "damaged in the archive"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Writer text(String text) {
    return out -> out.write(bytes(text));
  }

  private static Writer zeros(int count) {
    return out -> {
      for (int i = 0; i < count; i += 1000) {
        out.write(new byte[1000]);
      }
    };
  }

  private static Writer zip(String... names) {
    return out -> {
      try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(keepOpen(out))) {
        for (String name : names) {
          zip.putArchiveEntry(unixEntry(name));
          zip.write(CONTENT);
          zip.closeArchiveEntry();
        }
      }
    };
  }

  private static Writer stored(String... names) {
    return out -> {
      try (ZipOutputStream zip = new ZipOutputStream(keepOpen(out))) {
        zip.setLevel(0);
        for (String name : names) {
          ZipEntry entry = new ZipEntry(name);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(CONTENT.length);
          java.util.zip.CRC32 crc = new java.util.zip.CRC32();
          crc.update(CONTENT);
          entry.setCrc(crc.getValue());
          zip.putNextEntry(entry);
          zip.write(CONTENT);
        }
      }
    };
  }

  private static ZipArchiveEntry unixEntry(String name) {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setUnixMode(0100644);
    return entry;
  }

  private static Writer zipMode(int mode) {
    return out -> {
      try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(keepOpen(out))) {
        ZipArchiveEntry entry = new ZipArchiveEntry("cat/1.jpg");
        entry.setUnixMode(mode);
        zip.putArchiveEntry(entry);
        zip.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
      }
    };
  }

  private static Writer zipOfZeros(int megabytes) {
    return out -> {
      try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(keepOpen(out))) {
        zip.putArchiveEntry(unixEntry("cat/1.jpg"));
        zeros(megabytes << 20).write(zip);
        zip.closeArchiveEntry();
      }
    };
  }

  /** In the central directory, where each header starts with PK 1 2. */
  private static Writer central(Writer zip, UnaryOperator<byte[]> change) {
    return out -> {
      byte[] archive = written(zip);
      for (int i = 0; i < archive.length - 4; i++) {
        if (archive[i] == 'P' && archive[i + 1] == 'K' && archive[i + 2] == 1) {
          byte[] header = change.apply(Arrays.copyOfRange(archive, i, i + 46));
          System.arraycopy(header, 0, archive, i, 46);
        }
      }
      out.write(archive);
    };
  }

  private static Writer flagged(int bit) {
    return central(
        zip("cat/1.jpg"),
        header -> {
          header[8] |= (byte) bit;
          return header;
        });
  }

  private static Writer method(int number) {
    return central(
        zip("cat/1.jpg"),
        header -> {
          header[10] = (byte) number;
          return header;
        });
  }

  /** Another compressed size. */
  private static Writer sized(int bytes) {
    return central(
        zip("cat/1.jpg"),
        header -> {
          for (int i = 0; i < 4; i++) {
            header[20 + i] = (byte) (bytes >> (8 * i));
          }
          return header;
        });
  }

  /** All entries have the content of the first one. */
  private static Writer overlapping() {
    return central(
        zip("cat/1.jpg", "cat/2.jpg"),
        header -> {
          Arrays.fill(header, 42, 46, (byte) 0);
          return header;
        });
  }

  private static Writer tar(String... names) {
    return out -> {
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(keepOpen(out), 10_240)) {
        for (String name : names) {
          TarArchiveEntry entry = new TarArchiveEntry(name, true);
          entry.setSize(CONTENT.length);
          tar.putArchiveEntry(entry);
          tar.write(CONTENT);
          tar.closeArchiveEntry();
        }
      }
    };
  }

  private static Writer tarKind(byte kind) {
    return out -> {
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(keepOpen(out))) {
        TarArchiveEntry entry = new TarArchiveEntry("cat/1.jpg", kind);
        entry.setLinkName("/etc/passwd");
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
    };
  }

  private static Writer tarOfZeros(int megabytes) {
    return out -> {
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(keepOpen(out))) {
        TarArchiveEntry entry = new TarArchiveEntry("cat/1.jpg");
        entry.setSize((long) megabytes << 20);
        tar.putArchiveEntry(entry);
        for (int i = 0; i < megabytes; i++) {
          tar.write(new byte[1 << 20]);
        }
        tar.closeArchiveEntry();
      }
    };
  }

  /** The second header has another letter than its checksum. */
  private static Writer damagedTar() {
    return changed(tar("cat/1.jpg", "cat/2.jpg"), 1024);
  }

  private static Writer gzip(Writer content) {
    return out -> {
      try (GZIPOutputStream gzip = new GZIPOutputStream(keepOpen(out))) {
        content.write(gzip);
      }
    };
  }

  /** Without its last bytes. */
  private static Writer cut(Writer writer, int bytes) {
    return out -> {
      byte[] all = written(writer);
      out.write(all, 0, all.length - bytes);
    };
  }

  /** One byte is different; negative positions count from the end. */
  private static Writer changed(Writer writer, int position) {
    return out -> {
      byte[] all = written(writer);
      all[position < 0 ? all.length + position : position] ^= 0x55;
      out.write(all);
    };
  }

  /** The bytes replace the beginning of a text wherever it is; names are not marked as UTF-8. */
  private static Writer patched(Writer writer, String text, byte[] bytes) {
    return out -> {
      byte[] all = written(writer);
      byte[] old = text.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < all.length - old.length; i++) {
        if (Arrays.equals(all, i, i + old.length, old, 0, old.length)) {
          System.arraycopy(bytes, 0, all, i, bytes.length);
        }
      }
      out.write(all);
    };
  }

  private static byte[] written(Writer writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out);
    return out.toByteArray();
  }

  private static OutputStream keepOpen(OutputStream out) {
    return org.apache.commons.io.output.CloseShieldOutputStream.wrap(out);
  }
}
