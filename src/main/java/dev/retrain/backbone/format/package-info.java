/**
 * Reads frozen graphs from files, binary or text, and names the formats that users hand in instead.
 * Formats are detected from the content; names of files decide only where the content has no mark,
 * as the shards of a checkpoint.
 */
package dev.retrain.backbone.format;
