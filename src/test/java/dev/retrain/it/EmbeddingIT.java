package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Maven project that uses the installed library as docs/how-to/embed-in-java.md says.
 *
 * <p>Its local repository contains links to the files of this build's repository, and the library
 * in place of any that is installed there. So it is built offline.
 */
class EmbeddingIT {
  private static final DocsPage PAGE = DocsPage.read(Path.of("docs/how-to/embed-in-java.md"));
  private static final String VERSION = System.getProperty("retrain.version");
  private static final Path REPOSITORY = Path.of(System.getProperty("maven.repository"));
  private static final Path MAVEN = Path.of(System.getProperty("maven.home"), "bin", "mvn");

  /** Its jar refers to its dependencies, so that {@code java -jar} runs it. */
  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>com.example</groupId>
        <artifactId>classify</artifactId>
        <version>1</version>
        <properties>
          <maven.compiler.release>17</maven.compiler.release>
          <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
        </properties>
        %s
        <build>
          <plugins>
            <plugin>
              <artifactId>maven-compiler-plugin</artifactId>
              <version>%s</version>
              <configuration>
                <showWarnings>true</showWarnings>
                <failOnWarning>true</failOnWarning>
                <compilerArgs>
                  <arg>-Xlint:all,-classfile,-path,-processing</arg>
                </compilerArgs>
              </configuration>
            </plugin>
            <plugin>
              <artifactId>maven-jar-plugin</artifactId>
              <version>%s</version>
              <configuration>
                <archive>
                  <manifest>
                    <mainClass>Classify</mainClass>
                    <addClasspath>true</addClasspath>
                    <classpathLayoutType>repository</classpathLayoutType>
                    <classpathPrefix>../../repository/</classpathPrefix>
                  </manifest>
                </archive>
              </configuration>
            </plugin>
          </plugins>
        </build>
      </project>
      """;

  @TempDir private Path directory;
  private Path repository;
  private Path project;

  @BeforeEach
  void installLibrary() throws IOException {
    repository = directory.resolve("repository");
    project = Files.createDirectories(directory.resolve("project"));
    Path library = Path.of("dev", "retrain", "retrain", VERSION);
    linkAllExcept(library.getParent());
    Path installed = Files.createDirectories(repository.resolve(library));
    String name = "retrain-" + VERSION;
    Files.copy(Path.of(System.getProperty("retrain.library")), installed.resolve(name + ".jar"));
    Files.copy(Path.of("pom.xml"), installed.resolve(name + ".pom"));
  }

  /** Links the build's repository, directory by directory along a path that is not linked. */
  private void linkAllExcept(Path excluded) throws IOException {
    Path below = Path.of("");
    for (Path name : excluded) {
      Path from = REPOSITORY.resolve(below);
      Path to = Files.createDirectories(repository.resolve(below));
      if (Files.isDirectory(from)) {
        try (Stream<Path> files = Files.list(from)) {
          for (Path file : files.filter(one -> !one.getFileName().equals(name)).toList()) {
            Files.createSymbolicLink(to.resolve(file.getFileName()), file);
          }
        }
      }
      below = below.resolve(name);
    }
  }

  @AfterEach
  void unlinkRepository() throws IOException {
    try (Stream<Path> files = Files.walk(repository)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private static String onlyBlock(String language) {
    assertThat(PAGE.blocks(language)).hasSize(1);
    return PAGE.blocks(language).get(0);
  }

  /** The version of a plugin in this project's POM, which is in the repository. */
  private static String pluginVersion(String plugin) throws IOException {
    Matcher matcher =
        Pattern.compile("<artifactId>%s</artifactId>\\s*<version>(.*?)</version>".formatted(plugin))
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(matcher.find()).as(plugin).isTrue();
    return matcher.group(1);
  }

  private RetrainJar.Result run(Object... command) throws Exception {
    List<String> words = Stream.of(command).map(Object::toString).toList();
    RetrainJar jar = new RetrainJar(project);
    return jar.run(jar.inUserEnvironment(new ProcessBuilder(words)));
  }

  /** Builds the project, and returns its jar. */
  private Path build() throws Exception {
    String dependencies =
        onlyBlock("xml")
            .replaceFirst(
                "<classifier>.*?</classifier>",
                "<classifier>%s</classifier>"
                    .formatted(System.getProperty("tensorflow.classifier")));
    Files.writeString(
        project.resolve("pom.xml"),
        POM.formatted(
            dependencies,
            pluginVersion("maven-compiler-plugin"),
            pluginVersion("maven-jar-plugin")));
    Path source = Files.createDirectories(project.resolve("src/main/java"));
    Files.writeString(source.resolve("Classify.java"), onlyBlock("java"));
    RetrainJar.Result built =
        run(
            MAVEN,
            "--batch-mode",
            "--offline",
            "-Dmaven.repo.local=" + repository,
            // Files count as available whichever remote repository they come from.
            "-Daether.enhancedLocalRepository.trackingFilename=none",
            "compiler:compile",
            "jar:jar");
    assertThat(built.code()).as(built.out()).isZero();
    return project.resolve("target/classify-1.jar");
  }

  private static List<String> classPath(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      String classPath =
          file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return Stream.of(classPath.split(" ")).map(entry -> entry.replaceFirst(".*/", "")).toList();
    }
  }

  @Test
  void documentedProgramTrainsAndClassifiesWithTheLibraryAlone() throws Exception {
    Path jar = build();
    List<String> classPath = classPath(jar);
    assertThat(classPath).contains("retrain-%s.jar".formatted(VERSION));
    for (String application :
        List.of("picocli", "logback", "progressbar", "xchart", "pebble", "uplot", "snakeyaml")) {
      assertThat(classPath).noneMatch(file -> file.startsWith(application));
    }

    SampleImages.write(project.resolve("photos"), 30, 1, Progress.NONE);
    SampleImages.write(directory.resolve("new"), 1, 2, Progress.NONE);
    String label = SampleImages.labels().get(2);
    Files.copy(
        directory.resolve("new/%s/%s_000.jpg".formatted(label, label)),
        project.resolve("some.jpg"));
    RetrainJar.Result result = run(RetrainJar.java(), "-Djava.awt.headless=true", "-jar", jar);
    assertThat(result.code()).as(result.err()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(Double.parseDouble(lines.get(0))).isBetween(0.7, 1.0);
    assertThat(lines.get(1)).isEqualTo(label);
    assertThat(project.resolve("tmp/output_graph.pb")).isNotEmptyFile();
  }
}
