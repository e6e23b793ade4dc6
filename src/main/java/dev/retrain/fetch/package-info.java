/**
 * Downloads: {@link dev.retrain.fetch.Downloader} downloads and verifies a {@link
 * dev.retrain.fetch.RemoteFile}, {@link dev.retrain.fetch.DownloadSources} replaces its address by
 * that of a mirror.
 *
 * <p>Depends only on {@code util}.
 */
package dev.retrain.fetch;
