/**
 * Work on several threads: a pool, results that may fail, an ordered prefetch, and a worker that
 * does one task after another.
 */
package dev.retrain.util.concurrent;
