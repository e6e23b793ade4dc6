package dev.retrain.job.finetune;

import java.util.OptionalInt;

/**
 * What the user asks of a fine-tuning.
 *
 * @param trainSize the height of the images; absent to choose it
 * @param settings which layers are trained, and how
 */
public record FineTuneRequest(OptionalInt trainSize, FineTuneSettings settings) {}
