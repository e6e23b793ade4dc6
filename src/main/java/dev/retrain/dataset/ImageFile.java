package dev.retrain.dataset;

import java.nio.file.Path;

/**
 * A file in a class folder, before it is known to be a picture.
 *
 * @param path where it lies
 * @param name {@code class/file}, with {@code /} on every system; what the split hashes, so that it
 *     does not depend on where the directory stands
 * @param label index of its class in {@link ImageFolder#labels}
 */
public record ImageFile(Path path, String name, int label) {}
