/** Tables in text files that people write: CSV with messages that name the line. */
package dev.retrain.util.table;
