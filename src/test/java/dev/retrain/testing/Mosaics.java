package dev.retrain.testing;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/** Images of 2 x 2 smaller ones: each is a file in the folder of every class that it shows. */
public final class Mosaics {
  private static final int SIDE = 32;

  private Mosaics() {}

  /** Draws one part of a mosaic. */
  @FunctionalInterface
  public interface Tile {
    BufferedImage draw(String label, int number) throws IOException;
  }

  /**
   * Writes mosaics.
   *
   * @param directory where the class folders go
   * @param classes the classes
   * @param count how many mosaics
   * @param tile draws 32 x 32 pixels of a class; the numbers count up
   */
  public static void write(Path directory, List<String> classes, int count, Tile tile)
      throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < count; i++) {
      BufferedImage mosaic = new BufferedImage(2 * SIDE, 2 * SIDE, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = mosaic.createGraphics();
      Set<String> labels = new LinkedHashSet<>();
      for (int part = 0; part < 4; part++) {
        String label = classes.get(random.nextInt(classes.size()));
        labels.add(label);
        graphics.drawImage(tile.draw(label, 4 * i + part), part % 2 * SIDE, part / 2 * SIDE, null);
      }
      graphics.dispose();
      byte[] png = TestImages.file(mosaic, "png");
      for (String label : labels) {
        Path file = directory.resolve(label).resolve("mosaic%04d.png".formatted(i));
        Files.createDirectories(file.getParent());
        Files.write(file, png);
      }
    }
  }

  /**
   * Writes mosaics of CIFAR-10's training images; skips the test if they are missing.
   *
   * @param directory where the class folders go
   * @param work a directory for the images
   * @param count how many mosaics
   */
  public static void cifar10(Path directory, Path work, int count) throws IOException {
    SharedData.cifar10(work, count);
    TreeMap<String, List<Path>> files = new TreeMap<>();
    try (var folders = Files.list(work)) {
      for (Path folder : folders.toList()) {
        try (var images = Files.list(folder)) {
          files.put(folder.getFileName().toString(), images.sorted().toList());
        }
      }
    }
    Random random = new Random(11);
    write(
        directory,
        new ArrayList<>(files.keySet()),
        count,
        (label, number) -> {
          List<Path> images = files.get(label);
          return ImageIO.read(images.get(random.nextInt(images.size())).toFile());
        });
  }
}
