package dev.retrain.job.evaluate;

/**
 * How the files of a directory relate to the files a model was trained on.
 *
 * @param own whether they are the files the model was trained on: the same directory, or one with
 *     the same files
 * @param changed whether they have changed since; for other files, whether the manifest that the
 *     model was trained on has
 * @param known whether all files the model was trained on are known; if not, the unknown ones count
 *     as new, or have the sets that a manifest assigns them to now
 * @param duplicates number of files of the model's own directory that are assigned to another set
 *     by their names, but have the content of a training or validation file and count as that
 * @param copies number of distorted copies (_nohash_), which are excluded
 */
public record TrainingOverlap(
    boolean own, boolean changed, boolean known, int duplicates, int copies) {}
