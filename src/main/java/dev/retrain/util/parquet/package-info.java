/**
 * Tables in Parquet files: {@link dev.retrain.util.parquet.ParquetTable} reads one. Page headers,
 * encodings and levels are read by Apache's parquet-column and parquet-format-structures, which
 * need no Hadoop; this package finds the pages and decompresses them.
 */
package dev.retrain.util.parquet;
