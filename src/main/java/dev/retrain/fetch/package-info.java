/**
 * Files that come from elsewhere: {@link dev.retrain.fetch.Downloader} fetches one, whole and
 * checked, from where {@link dev.retrain.fetch.DownloadSources} says, {@link
 * dev.retrain.util.io.Sha256} tells whether it is what was published, {@link
 * dev.retrain.fetch.TarExtractor} unpacks it without letting it write anywhere else.
 *
 * <p>Knows only {@code work}.
 */
package dev.retrain.fetch;
