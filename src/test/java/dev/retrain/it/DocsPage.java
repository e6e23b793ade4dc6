package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A page of the documentation.
 *
 * @param file its Markdown file
 * @param blocks its fenced code blocks, in order
 * @param codeSpans its inline code
 * @param links the destinations of its links and images
 * @param anchors the anchors that GitHub gives its headings
 */
record DocsPage(
    Path file,
    List<Block> blocks,
    List<String> codeSpans,
    List<String> links,
    Set<String> anchors) {

  /** A fenced code block. */
  record Block(String language, String text) {}

  /** Reads a page. */
  static DocsPage read(Path file) {
    try {
      PageVisitor visitor = new PageVisitor();
      Parser.builder().build().parse(Files.readString(file)).accept(visitor);
      return new DocsPage(file, visitor.blocks, visitor.codeSpans, visitor.links, visitor.anchors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all pages of a directory: {@code *.md} in it, and everything below {@code docs}. */
  static List<DocsPage> readAll(Path root) throws IOException {
    try (Stream<Path> top = Files.list(root);
        Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(DocsPage::read)
          .toList();
    }
  }

  /** The code blocks in a language. */
  List<String> blocks(String language) {
    return blocks.stream()
        .filter(block -> block.language().equals(language))
        .map(Block::text)
        .toList();
  }

  /** Asserts that links to files lead to existing files and headings. */
  void assertLinksResolve() {
    assertThat(links.stream().filter(link -> !link.matches("[a-z]+:.*")))
        .as(toString())
        .allSatisfy(this::assertResolves);
  }

  private void assertResolves(String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
    assertThat(target).exists();
    if (parts.length == 2) {
      assertThat(read(target).anchors()).contains(parts[1]);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }

  private static final class PageVisitor extends AbstractVisitor {
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> codeSpans = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final Set<String> anchors = new HashSet<>();
    private final IdGenerator ids = IdGenerator.builder().build();

    @Override
    public void visit(FencedCodeBlock block) {
      blocks.add(new Block(block.getInfo(), block.getLiteral()));
    }

    @Override
    public void visit(Code code) {
      codeSpans.add(code.getLiteral());
    }

    @Override
    public void visit(Link link) {
      links.add(link.getDestination());
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      links.add(image.getDestination());
    }

    @Override
    public void visit(Heading heading) {
      anchors.add(ids.generateId(text(heading)));
      visitChildren(heading);
    }

    private static String text(Node node) {
      if (node instanceof Text text) {
        return text.getLiteral();
      }
      if (node instanceof Code code) {
        return code.getLiteral();
      }
      StringBuilder all = new StringBuilder();
      for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
        all.append(text(child));
      }
      return all.toString();
    }
  }
}
