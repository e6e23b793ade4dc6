package dev.retrain.bottleneck;

import java.nio.file.Path;

/**
 * A file that could not be used.
 *
 * @param path which
 * @param reason why, in a few words
 */
public record SkippedPicture(Path path, String reason) {}
