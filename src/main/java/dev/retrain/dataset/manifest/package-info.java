/**
 * Manifests: {@link dev.retrain.dataset.manifest.Manifest} reads paths and labels from a table. A
 * format is a {@link dev.retrain.util.table.TableReader}: CSV, TSV, JSON Lines and Parquet.
 */
package dev.retrain.dataset.manifest;
