package dev.retrain.bottleneck.cache;

/**
 * A row of the cache's table of backbones.
 *
 * @param id its primary key
 * @param vectorLength floats in each of its vectors
 * @param generation which of its vector files is current; compaction increments it
 */
public record BackboneRow(long id, int vectorLength, long generation) {}
