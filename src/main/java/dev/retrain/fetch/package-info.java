/**
 * Files that come from elsewhere: {@link dev.retrain.fetch.Download} fetches one, whole and
 * checked, from where {@link dev.retrain.fetch.Sources} says, {@link dev.retrain.fetch.Checksum}
 * tells whether it is what was published, {@link dev.retrain.fetch.Archives} unpacks it without
 * letting it write anywhere else.
 *
 * <p>Knows only {@code work}.
 */
package dev.retrain.fetch;
