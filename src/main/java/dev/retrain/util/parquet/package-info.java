/**
 * Tables in Parquet files: {@link dev.retrain.util.parquet.ParquetTable} reads one, {@link
 * dev.retrain.util.parquet.ParquetWriter} writes one. Metadata, encodings and levels are the work
 * of Apache's parquet-column and parquet-format-structures, which need no Hadoop; this package
 * finds the pages, and compresses and decompresses them.
 */
package dev.retrain.util.parquet;
