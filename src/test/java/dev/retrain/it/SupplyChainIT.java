package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.testing.Checksums;
import dev.retrain.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that describe the jar of {@code mvn verify -Pdist}, and the jar built once more. */
class SupplyChainIT {
  private static final Path TARGET = Path.of("target");
  private static final Pattern LICENSED = Pattern.compile("\\(([\\w.-]+:[\\w.-]+:[\\w.-]+) - ");

  @TempDir private Path directory;

  @BeforeEach
  void requireDistribution() {
    Assumptions.assumeTrue(System.getProperty("retrain.dist") != null, "needs -Pdist");
  }

  /** The list of licenses is written by another plugin, from Maven's own resolution. */
  @Test
  void billOfMaterialsListsEveryDependencyWithItsChecksum() throws IOException {
    Path file =
        TARGET.resolve("retrain-%s.cdx.json".formatted(System.getProperty("retrain.version")));
    Assumptions.assumeTrue(
        Files.exists(file) || "true".equals(System.getenv("CI")), "Maven was offline");
    JsonNode bill = new ObjectMapper().readTree(file.toFile());
    Set<String> components = new TreeSet<>();
    for (JsonNode component : bill.get("components")) {
      String name =
          "%s:%s:%s"
              .formatted(
                  text(component, "group"), text(component, "name"), text(component, "version"));
      components.add(name);
      assertThat(sha256(component)).as(name).isEqualTo(Checksums.recorded(artifact(component)));
    }
    assertThat(components).isEqualTo(licensed());
  }

  private static String text(JsonNode node, String field) {
    return node.get(field).textValue();
  }

  private static String sha256(JsonNode component) {
    for (JsonNode hash : component.get("hashes")) {
      if (text(hash, "alg").equals("SHA-256")) {
        return text(hash, "content");
      }
    }
    throw new AssertionError("no SHA-256: " + component);
  }

  /** The path in a repository of a package URL such as pkg:maven/group/name@1.0?type=jar. */
  private static Path artifact(JsonNode component) {
    String url = text(component, "purl");
    String classifier =
        url.contains("classifier=") ? "-" + url.replaceAll(".*classifier=([^&]*).*", "$1") : "";
    String name = text(component, "name");
    String version = text(component, "version");
    return Path.of(
        text(component, "group").replace('.', '/'),
        name,
        version,
        name + "-" + version + classifier + ".jar");
  }

  private static Set<String> licensed() throws IOException {
    return LICENSED
        .matcher(Files.readString(TARGET.resolve("licenses").resolve("THIRD-PARTY.txt")))
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** In another directory, language and time zone. */
  @Test
  void secondBuildGivesTheSameBytes() throws IOException {
    Path project = Files.createDirectories(directory.resolve("another place"));
    for (String source : List.of("pom.xml", ".mvn")) {
      FileUtils.copyToDirectory(Path.of(source).toFile(), project.toFile());
    }
    FileUtils.copyDirectory(Path.of("src", "main").toFile(), project.resolve("src/main").toFile());
    Tool.Ended built =
        Tool.require(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString())
            .run(
                project,
                Map.of("TZ", "Asia/Kolkata", "MAVEN_OPTS", "-Duser.language=tr -Duser.country=TR"),
                "--quiet",
                "--offline",
                "-Dmaven.repo.local=" + System.getProperty("maven.repository"),
                "-Dmaven.test.skip=true",
                "-Dtensorflow.classifier=" + System.getProperty("tensorflow.classifier"),
                "package");
    assertThat(built.code()).as(built.out()).isZero();
    assertThat(Checksums.sha256(project.resolve("target/retrain.jar")))
        .as("the tested jar must come from a clean build")
        .isEqualTo(Checksums.sha256(Path.of(System.getProperty("retrain.jar"))));
  }
}
