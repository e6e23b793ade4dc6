/**
 * Files that are complete or absent, directories, locks, the encoding of file names, reasons of I/O
 * errors, hard links, checksums and readable sizes.
 */
package dev.retrain.util.io;
