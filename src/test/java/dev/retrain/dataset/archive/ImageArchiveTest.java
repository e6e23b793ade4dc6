package dev.retrain.dataset.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.bottleneck.cache.FileStamp;
import dev.retrain.bottleneck.cache.KnownFile;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.NameEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that Python's zipfile and tarfile write are listed and read like their directory. */
class ImageArchiveTest {
  @TempDir private static Path directory;
  private static Path photos;
  private static final List<Path> ARCHIVES = new ArrayList<>();

  @BeforeAll
  static void pack() throws IOException {
    photos = Files.createDirectory(directory.resolve("photos"));
    Random random = new Random(1);
    String deep = "a folder/with a name that is much longer than what a tar header has/".repeat(3);
    for (String name :
        List.of(
            "cat/1.jpg",
            "cat/2.jpg",
            "cat/empty.jpg",
            "cat/" + deep + "3.jpg",
            "Hündchen/猫 😀.png",
            "Hündchen/a'b\"c.png",
            "Hündchen/3.gif",
            "Hündchen/thumbs.db",
            "z/large.bin",
            "z/1",
            "z/flat.bmp")) {
      Path file = photos.resolve(name);
      Files.createDirectories(file.getParent());
      byte[] content =
          new byte[name.contains("large") ? 300_000 : name.contains("empty") ? 0 : 700];
      if (!name.endsWith("bmp")) {
        random.nextBytes(content);
      }
      Files.write(file, content);
    }
    Path packed = Files.createDirectory(directory.resolve("packed"));
    JsonNode kinds = PythonClient.require().run("pack_images.py", photos, packed);
    kinds.forEach(kind -> ARCHIVES.add(packed.resolve(kind.asText())));
    assertThat(ARCHIVES).hasSize(12);
  }

  private static Map<String, byte[]> contents(ImageFolder folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (ImageFile file : folder.files()) {
      assertThat(Files.size(file.path())).isEqualTo(Files.readAllBytes(file.path()).length);
      contents.put(file.name(), Files.readAllBytes(file.path()));
    }
    return contents;
  }

  @Test
  void hasTheFilesOfTheDirectory() throws IOException {
    ImageFolder expected = ImageFolder.scan(photos);
    for (Path archive : ARCHIVES) {
      ImageFolder folder = ImageFolder.scan(archive);
      assertThat(folder.labels()).as("%s", archive).isEqualTo(expected.labels());
      assertThat(folder.files().stream().map(ImageFile::name))
          .as("%s", archive)
          .containsExactlyElementsOf(expected.files().stream().map(ImageFile::name).toList());
      assertThat(contents(folder)).as("%s", archive).containsExactlyEntriesOf(contents(expected));
    }
  }

  @Test
  void pathsNameTheArchiveAndFindTheEntryAgain() throws IOException {
    for (Path archive : ARCHIVES) {
      for (ImageFile file : ImageFolder.scan(archive).files()) {
        assertThat(file.path().toString()).startsWith(archive + "/").endsWith(file.name());
        Path again = ImageArchive.locate(Path.of(file.path().toString()));
        assertThat(again).isEqualTo(file.path()).hasSameHashCodeAs(file.path());
        assertThat(ImageArchive.file(again)).isEqualTo(archive);
        assertThat(NameEncoding.path(KnownFile.key(file.path())).toString())
            .isEqualTo(file.path().toString());
      }
    }
    long keys =
        ARCHIVES.stream()
            .flatMap(
                archive -> {
                  try {
                    return ImageFolder.scan(archive).files().stream();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                })
            .map(file -> KnownFile.key(file.path()))
            .distinct()
            .count();
    assertThat(keys).isEqualTo(12 * 10);
  }

  @Test
  void folderInAnArchiveIsADirectory() throws IOException {
    Path cats = directory.resolve("packed/folder.zip/photos/cat");
    assertThat(ImageArchive.isDirectory(cats)).isTrue();
    assertThat(ImageArchive.directory(cats).toString()).isEqualTo(cats.toString());
    assertThat(ImageArchive.isDirectory(cats.resolve("1.jpg"))).isFalse();
    assertThat(ImageArchive.isDirectory(cats.resolve("none"))).isFalse();
    assertThat(ImageArchive.locate(photos.resolve("none"))).isEqualTo(photos.resolve("none"));
    Path file = ImageArchive.locate(cats.resolve("1.jpg"));
    assertThat(file.toRealPath().toString()).isEqualTo(cats.resolve("1.jpg").toString());
    assertThat(Files.isSameFile(file, file.getParent().resolve("../cat/1.jpg"))).isTrue();
    assertThat(Files.isSameFile(file, file.resolveSibling("2.jpg"))).isFalse();
    assertThatThrownBy(() -> Files.size(file.resolveSibling("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Files.newDirectoryStream(file))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(ReadOnlyFileSystemException.class);
    assertThatThrownBy(() -> Files.writeString(file, "x"))
        .isInstanceOf(ReadOnlyFileSystemException.class);
  }

  @Test
  void stampIsThatOfTheEntryInThisArchive() throws IOException {
    Path archive = directory.resolve("stamps.zip");
    Files.copy(directory.resolve("packed/stored.zip"), archive);
    List<FileStamp> before = stamps(archive);
    assertThat(stamps(archive)).isEqualTo(before);
    assertThat(before).doesNotHaveDuplicates();
    // Same size, same time; all entries but one are the same.
    byte[] content = Files.readAllBytes(archive);
    byte[] large = Files.readAllBytes(photos.resolve("z/large.bin"));
    content[indexOf(content, large)] ^= 1;
    var time = Files.getLastModifiedTime(archive);
    Files.write(archive, content);
    Files.setLastModifiedTime(archive, time);
    assertThat(stamps(archive)).doesNotContainAnyElementsOf(before);
  }

  private static int indexOf(byte[] content, byte[] part) {
    return IntStream.range(0, content.length - part.length)
        .filter(i -> java.util.Arrays.equals(content, i, i + 50, part, 0, 50))
        .findFirst()
        .orElseThrow();
  }

  private static List<FileStamp> stamps(Path archive) throws IOException {
    List<FileStamp> stamps = new ArrayList<>();
    for (ImageFile file : ImageFolder.scan(archive).files()) {
      stamps.add(FileStamp.read(file.path()));
    }
    return stamps;
  }

  @Test
  void changeWhileReadingIsReported() throws IOException {
    for (String name : List.of("pax.tar", "deflated.zip")) {
      Path archive = directory.resolve("changed-" + name);
      Files.copy(directory.resolve("packed").resolve(name), archive);
      Path file = ImageFolder.scan(archive).files().get(0).path();
      Files.write(archive, new byte[1], java.nio.file.StandardOpenOption.APPEND);
      assertThatThrownBy(() -> Files.readAllBytes(file))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining("was changed while it was being read");
    }
  }

  @Test
  void manyThreadsReadTheSame() throws IOException {
    Map<String, byte[]> expected = contents(ImageFolder.scan(photos));
    for (Path archive : ARCHIVES) {
      List<ImageFile> files = ImageFolder.scan(archive).files();
      List<ImageFile> often =
          IntStream.range(0, 40).boxed().flatMap(i -> files.stream()).collect(Collectors.toList());
      boolean same =
          often.parallelStream()
              .allMatch(
                  file -> {
                    try {
                      return java.util.Arrays.equals(
                          Files.readAllBytes(file.path()), expected.get(file.name()));
                    } catch (IOException e) {
                      return false;
                    }
                  });
      assertThat(same).as("%s", archive).isTrue();
    }
  }
}
